import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meaningOf } from '../../static/js/inspector/keys.js';
import { duplicated, moved, removed, typed, withAlternative, withLink } from '../../static/js/pointing/edits.js';
import { readMessage } from '../../static/js/pointing/inspector-messages.js';
import { labelOf, spoken } from '../../static/js/pointing/labels.js';
import { Source } from '../../static/js/pointing/source.js';
import { attributeIn, withAttribute } from '../../static/js/pointing/start-tag.js';

/** A page whose elements are told by their tags alone: it has no others of the same tag in them. */
function sourceOf(text) {
  const units = [];
  for (const { 0: tag, 1: name, index } of text.matchAll(/<([a-z]\w*)[^>]*>/g)) {
    const content = index + tag.length;
    const end = text.indexOf(`</${name}>`, content);
    units.push(end < 0 ? [index, content, content, content] : [index, content, end, end + name.length + 3]);
  }
  const points = (unit) => [...text.slice(0, unit)].length;
  return new Source({ version_id: 'v', path: 'index.html', text, elements: units.map((place) => place.map(points)) });
}

const PAGE = `<h1 id=top>A 🍰 <em>b</em>&nbsp;c</h1>
<ul>
  <li>One</li>
  <li id="two"><a href="#two">Two</a></li>
</ul>`;
const [H1, EM, UL, ONE, TWO, LINK] = [0, 1, 2, 3, 4, 5];
const source = sourceOf(PAGE);

/** What the API makes of a change, by code points, which must agree with what the client thinks. */
function after({ edit, from, to, select }) {
  const points = [...PAGE];
  assert.equal(points.slice(edit.start, edit.end).join(''), edit.find);
  assert.equal(PAGE.slice(from, to), edit.find);
  const text = [...points.slice(0, edit.start), edit.replace, ...points.slice(edit.end)].join('');
  return { text, selected: select === null ? null : text.slice(select, select + 8) };
}

test('elements are known by their source, whatever the characters before them', () => {
  assert.equal(source.textOf(ONE), '<li>One</li>');
  assert.deepEqual([source.parentOf(EM), source.parentOf(UL), source.childrenOf(UL)], [H1, null, [ONE, TWO]]);
  assert.equal([...PAGE].slice(source.target(TWO).start, source.target(TWO).end).join(''), source.textOf(TWO));
  assert.equal(spoken(labelOf(source, H1)), 'Heading “A 🍰 b c”');
});

test('parts of a page are moved, copied and removed', () => {
  assert.deepEqual(after(moved(source, TWO, ONE, -1)), { text: PAGE.replace('<li>One</li>\n  <li id="two"><a href="#two">Two</a></li>', '<li id="two"><a href="#two">Two</a></li>\n  <li>One</li>'), selected: '<li id="' });
  assert.equal(after(moved(source, ONE, TWO, 1)).selected, '<li>One<');
  assert.deepEqual(after(removed(source, ONE)), { text: PAGE.replace('\n  <li>One</li>', ''), selected: '<ul>\n  <' });
  const copy = '\n  <li id="two-2"><a href="#two-2">Two</a></li>';
  assert.deepEqual(after(duplicated(source, TWO)), { text: PAGE.replace('Two</a></li>', `Two</a></li>${copy}`), selected: '<li id="' });
});

test('what is typed is text, and what is not typed stays as it is spelt', () => {
  assert.equal(after(typed(source, H1, ['B < C & D ', EM, -2])).text, PAGE.replace('A 🍰 ', 'B &lt; C &amp; D '));
  assert.equal(after(typed(source, H1, [-1, [EM, ['é\u0000\ud800']], -2])).text, PAGE.replace('>b<', '>é<'));
  assert.equal(after(typed(source, H1, ['all'])).text, PAGE.replace('A 🍰 <em>b</em>&nbsp;c', 'all'));
  for (const parts of [[ONE], [EM, EM], [[UL, ['x']]], [-3], [-99]]) assert.equal(typed(source, H1, parts), null, JSON.stringify(parts));
});

test('attributes are changed where they are spelt', () => {
  assert.equal(after(withLink(source, LINK, '/a?b=1&c="2"')).text, PAGE.replace('href="#two"', 'href="/a?b=1&amp;c=&quot;2&quot;"'));
  const tag = "<IMG src=x.png data-alt='no' ALT = \"a > b\" hidden/>";
  assert.equal(attributeIn(tag, 'alt'), 'a > b');
  assert.equal(withAttribute(tag, 'alt', 'c $& d'), "<IMG src=x.png data-alt='no' alt=\"c $&amp; d\" hidden/>");
  assert.equal(withAttribute('<img src=x>', 'alt', ''), '<img alt="" src=x>');
  assert.equal(withAttribute(tag, 'hidden', null), "<IMG src=x.png data-alt='no' ALT = \"a > b\"/>");
  const picture = sourceOf('<p><img src=x></p>');
  assert.equal(withAlternative(picture, 1, 'A cup').edit.replace, '<img alt="A cup" src=x>');
});

test('of what the frame says, numbers of elements and capped texts are believed', () => {
  assert.deepEqual(readMessage({ selected: 1, path: [0, 1, 2, 99, '0', 1e300, -1], previous: 9, next: 0, canType: 'yes', href: 'x\u0000'.repeat(2), alt: 'x'.repeat(9_000) }, 3), {
    type: 'selected', number: 1, path: [0, 1, 2], previous: null, next: 0, canType: false, href: 'x x ', alt: null,
  });
  assert.deepEqual(readMessage({ typed: 0, parts: ['a', -1, [1, ['b']]] }, 3), { type: 'typed', number: 0, parts: ['a', -1, [1, ['b']]] });
  let deep = ['x'];
  for (let depth = 0; depth < 50; depth += 1) deep = [[1, deep]];
  const hostile = [['x'.repeat(100_001)], Array(6_000).fill(1), deep, [[1]], [{}], [[-1, []]], [1e300], 'text', { length: 3 }];
  for (const parts of hostile) assert.equal(readMessage({ typed: 0, parts }, 3).parts, null);
  assert.deepEqual(readMessage({ place: { x: Number.NaN, y: 1e300 } }, 3), { type: 'place', x: 0, y: 10_000_000 });
  for (const data of [null, 7, 'shown', { key: 'sign-out' }, { key: { toString: () => 'undo' } }, { selected: 3 }, { selected: 0.5 }, { typed: -1 }, { shown: 'true' }]) assert.equal(readMessage(data, 3), null);
});

test('keys say where to go and what to do', () => {
  const key = (name, held = {}) => meaningOf({ key: name, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, ...held });
  assert.deepEqual(['Escape', 'ArrowRight', 'Enter', 'a'].map((name) => key(name)), ['parent', 'child', 'type', null]);
  assert.deepEqual([key('ArrowUp', { altKey: true }), key('z', { ctrlKey: true }), key('Z', { metaKey: true, shiftKey: true }), key('x', { ctrlKey: true })], ['up', 'undo', 'redo', null]);
});
