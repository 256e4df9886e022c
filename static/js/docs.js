import { operationView } from './docs/operation-view.js';
import { groupByTag } from './docs/openapi.js';
import { request } from './net/api.js';
import { find, h } from './ui/dom.js';

const root = find('#docs');

function draw(spec) {
  const groups = groupByTag(spec);
  find('#docs-nav').replaceChildren(...groups.map(({ tag, operations }) => h('section', {},
    h('h2', {}, tag),
    h('ul', {}, operations.map((operation) => h('li', {}, h('a', { href: `#${operation.id}` },
      h('span', { class: 'method', dataset: { method: operation.method } }, operation.method), h('span', {}, operation.path))))))));
  root.replaceChildren(...groups.map(({ tag, operations }) => h('section', { class: 'docs-group' },
    h('h2', {}, tag), operations.map((operation) => operationView(spec, operation)))));
  root.removeAttribute('aria-busy');
  if (location.hash) openLinked();
}

function openLinked() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  target.open = true;
  target.scrollIntoView();
}

addEventListener('hashchange', openLinked);
request('GET', root.dataset.spec).then(draw, (error) => {
  root.replaceChildren(h('p', { class: 'form-note problem', role: 'alert' }, error.message));
});
