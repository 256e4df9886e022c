import { readMessage, tell } from '../builder/preview-messages.js';
import { request } from '../net/api.js';
import { openDialog } from '../ui/dialogs.js';
import { h } from '../ui/dom.js';
import { textDiff } from './text-diff.js';

const WIDTH = 1280;
const MOST_LINES = 20_000;
const SIGNS = { same: ' ', added: '+', removed: '−' };

/** Show what changed from one version to another: both pages beside each other, and the lines of their text. */
export async function compareVersions(older, newer) {
  const [before, after] = await Promise.all([older, newer].map(({ id }) => request('GET', `/api/versions/${id}`)));
  const stopped = new AbortController();
  const closed = openDialog(`What changed from version ${older.number} to ${newer.number}`, (close) => {
    const panels = { pages: pages(older, newer), text: text(before.version.files, after.version.files) };
    const root = h('div', { class: 'comparison' }, choice(panels), Object.values(panels),
      h('div', { class: 'dialog-actions' }, h('button', { type: 'button', class: 'button', onclick: () => close(null) }, 'Close')));
    new ResizeObserver(() => fit(panels.pages)).observe(panels.pages);
    scrollTogether(panels.pages.querySelectorAll('iframe'), stopped.signal);
    return [root];
  });
  return closed.finally(() => stopped.abort());
}

function choice(panels) {
  const show = (name) => {
    for (const [key, panel] of Object.entries(panels)) panel.hidden = key !== name;
  };
  const option = (value, label) => h('label', {},
    h('input', { type: 'radio', name: 'comparison', value, checked: value === 'pages', onchange: () => show(value) }), h('span', {}, label));
  show('pages');
  return h('fieldset', { class: 'segments' }, h('legend', { class: 'visually-hidden' }, 'Compare'), option('pages', 'Pages'), option('text', 'Code'));
}

// Without their scripts, so that nothing moves by itself.
function pages(...versions) {
  return h('div', { class: 'comparison-pages' }, versions.map(({ id, number }) => h('figure', { class: 'comparison-page' },
    h('figcaption', {}, `Version ${number}`),
    h('div', { class: 'comparison-stage' }, h('iframe', { src: `/preview/${id}`, sandbox: 'allow-scripts', title: `The page of version ${number}`, referrerpolicy: 'no-referrer' })))));
}

// Of a frame that was told where to scroll to, nothing is told on: a shorter page can't be scrolled so far.
function scrollTogether(frames, signal) {
  const told = new Map();
  addEventListener('message', ({ source, data }) => {
    const frame = [...frames].find(({ contentWindow }) => contentWindow === source);
    const { type, x, y } = (frame && readMessage(data)) ?? {};
    if (type === 'placed') told.set(frame, y);
    if (type !== 'scroll' || told.get(frame) === y) return;
    told.delete(frame);
    for (const other of frames) if (other !== frame) tell(other, { place: { x, y } });
  }, { signal });
}

// Pages are drawn at the width of a desktop screen and scaled down.
function fit(panel) {
  for (const stage of panel.querySelectorAll('.comparison-stage')) {
    const scale = stage.clientWidth / WIDTH;
    if (!scale) continue;
    stage.style.setProperty('--scale', String(scale));
    stage.style.setProperty('--height', `${stage.clientHeight / scale}px`);
  }
}

function text(before, after) {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const changed = paths.filter((path) => before[path] !== after[path]);
  return h('div', { class: 'comparison-text', tabindex: 0, 'aria-label': 'Changed lines' }, changed.length ? changed.map((path) => file(path, before[path], after[path])) : h('p', {}, 'Nothing: both have the same files.'));
}

function file(path, before, after) {
  const runs = textDiff(before ?? '', after ?? '');
  const count = (kind) => runs.filter((run) => run.kind === kind).reduce((sum, { lines }) => sum + lines.length, 0);
  return h('section', { class: 'comparison-file' },
    h('h3', {}, path, h('span', { class: 'comparison-count' }, `${count('added')} added, ${count('removed')} removed`)), runs.map(run));
}

function run({ kind, lines, isFolded }) {
  const body = () => h('pre', { class: `diff-run is-${kind}` }, lines.slice(0, MOST_LINES).map((line) => h('span', { class: 'diff-line' }, h('span', { class: 'diff-sign' }, SIGNS[kind]), `${line}\n`)));
  if (!isFolded) return kind === 'same' ? body() : h(kind === 'added' ? 'ins' : 'del', {}, body());
  const button = h('button', { type: 'button', class: 'diff-fold', onclick: () => button.replaceWith(body()) }, `Show ${lines.length} unchanged lines`);
  return button;
}
