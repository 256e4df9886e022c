import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedPage, nameOf } from '../../static/js/builder/site-pages.js';
import { stepsIn } from '../../static/js/builder/writing-steps.js';
import { changesIn, hashesOf, shapeOf } from '../../static/js/preview/changes.js';
import { destination, fileAt } from '../../static/js/preview/destinations.js';

test('a link leads to a part of the page, to another one, out of the site, or nowhere', () => {
  const found = (href, ...rest) => Object.values(destination(href, ...rest)).join(' ');
  for (const [href, expected] of Object.entries({
    '#menu': 'anchor menu', '#': 'anchor ', '': 'anchor ', 'index.html#menu': 'anchor menu', '/': 'anchor ', 'about.html': 'site /about.html',
    '/a%20b?c=1': 'site /a b?c=1', 'mailto:hello@luna.example?subject=Hi': 'mail hello@luna.example', 'tel:+49%2030%20123': 'phone +49 30 123', 'sms:123': 'phone 123',
    'https://luna.example/a%20b': 'outside https://luna.example/a%20b', '//luna.example': 'outside https://luna.example/', 'javascript:alert(1)': 'other alert(1)',
    'data:text/html,x': 'other text/html,x', 'https://%': 'other https://%',
  })) assert.equal(found(href), expected, href);
  assert.equal(found('menu.pdf', { isDownload: true }), 'file /menu.pdf');
  assert.equal(found('https://luna.example/menu.pdf', { isDownload: true }), 'file https://luna.example/menu.pdf');
  for (const [href, expected] of Object.entries({
    '': 'anchor ', '#ada': 'anchor ada', 'us.html#ada': 'anchor ada', '/team/us.html': 'anchor ', 'ada.html': 'site /team/ada.html', '../about.html?a=1#b': 'site /about.html?a=1#b',
    '../': 'site /', './': 'site /team/', '/': 'site /',
  })) assert.equal(found(href, { path: 'team/us.html' }), expected, href);
  assert.deepEqual(['/', '/team/', '/about.html?a=1#b'].map(fileAt), ['index.html', 'team/index.html', 'about.html']);
});

/** Elements as a browser has them, from ['tag', {attributes}, …children]. */
function element([localName, attributes, ...children]) {
  const nodes = children.map((child) => (typeof child === 'string' ? { nodeType: 3, data: child } : { nodeType: 1, ...element(child) }));
  return { localName, attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })), childNodes: nodes };
}

const opening = ['section', {}, ['h2', {}, 'Opening hours'], ['p', {}, 'From seven in the morning until noon, every day']];
const menu = (...more) => ['ul', {}, ['li', {}, 'Espresso of our own beans'], ['li', {}, 'Cappuccino with milk'], ...more];
const page = (...parts) => shapeOf(element(['body', {}, ['h1', {}, 'Luna, a café in the north'], ...parts]));
const changed = (before, after) => changesIn(after, hashesOf(before)).parts.map(({ element: { localName }, size }) => `${localName} ${size}`);

test('the smallest parts that hold what is new are told', () => {
  assert.deepEqual(changed(page(menu(), opening), page(menu(), opening)), []);
  assert.deepEqual(changed(page(menu(), opening), page(menu(['li', {}, 'Flat white']), opening)), ['li 10']);
  assert.deepEqual(changed(page(menu()), page(menu(), opening)), ['section 60']);
  assert.deepEqual(changed(page(menu(['li', {}, 'Flat white']), opening), page(menu(), opening)), ['ul 45']);
  const later = ['section', {}, ['h2', {}, 'Opening hours'], ['p', {}, 'From eight in the morning until noon, every day']];
  assert.deepEqual(changed(page(menu(), opening), page(menu(), later)), ['p 47']);
});

test('another page is all new', () => {
  const other = shapeOf(element(['body', {}, ['h1', {}, 'A bakery'], ['p', {}, 'Bread of yesterday for half the price']]));
  assert.equal(changesIn(other, hashesOf(page(menu(), opening))).isAllNew, true);
  assert.equal(changesIn(page(menu(), opening), hashesOf(page(menu()))).isAllNew, false);
});

test('the parts of a page have names while it is written', () => {
  const html = `<!doctype html><html><head><style>section { color: red } /* <nav> */</style><script>const x = '<footer>'</script></head><body><!-- <aside id=no> -->
    <header class="top"><nav aria-label="Main menu"></nav></header><section id="opening-hours"><h2>Hours</h2></section>
    <section class="plain"><h2>Our <em>coffee</em></h2><h3>Beans</h3></section><section aria-label='Visit us'></section><footer>`;
  assert.deepEqual(stepsIn(html), ['Colours and type', 'Header', 'Menu', 'Opening hours', 'Our coffee', 'Visit us', 'Footer']);
  const ids = `<section id="main"><h1>Luna</h1></section><section id="top"><section id="page-1"><section id="s2"><h2>Cakes</h2></section>
    <header id="site-header"><section id="openingHours"><section id="hero" aria-label="Main content"><h2>Come in</h2><form id="form1">`;
  assert.deepEqual(stepsIn(ids), ['Luna', 'Cakes', 'Header', 'Opening hours', 'Come in', 'Form']);
  assert.deepEqual(stepsIn('<!doctype html><html><he'), ['The beginning']);
  assert.deepEqual(stepsIn(`<section id="${'x'.repeat(500)}">`), [`X${'x'.repeat(39)}…`]);
});

test('names are found in linear time', () => {
  for (const part of ['<section ', '<h2><', '<!--', '<style>', '<nav aria-label=']) {
    const begun = performance.now();
    stepsIn(part.repeat(300_000 / part.length));
    assert.ok(performance.now() - begun < 2_000, part);
  }
});

test('the preview turns to the page that an answer made, else to one that it changed', () => {
  const made = { path: 'about.html', start: 0 };
  const changed = { path: 'menu.html', start: 7 };
  assert.equal(changedPage([{ path: 'index.html', start: 3 }, made], 'index.html'), 'about.html');
  assert.equal(changedPage([changed], 'index.html'), 'menu.html');
  assert.equal(changedPage([changed, { path: 'index.html', start: 3 }], 'index.html'), 'index.html');
  assert.equal(changedPage([{ path: 'style.css', start: 0 }], 'menu.html'), 'menu.html');
  assert.deepEqual([nameOf('index.html', 'Luna'), nameOf('team/about-us.html'), nameOf('a.html', 'Prices – Luna')], ['Home', 'About us', 'Prices']);
});
