import { h, icon } from '../ui/dom.js';
import { byPage, isError, summaryOf } from './finding-words.js';

/** What the checks found, page by page. `on` has `show(finding)` and `fix(finding)`. */
export function findingsList({ findings, pages, notes }, on) {
  const groups = byPage(findings, pages);
  const isOnePage = pages.length < 2;
  return h('section', { class: 'findings', 'aria-label': 'What the checks found' },
    h('p', { class: `findings-summary${findings.some(isError) ? ' has-errors' : ''}`, role: 'status' }, icon(findings.length ? 'alert' : 'check'), `${summaryOf(findings)}.`),
    h('div', { class: 'findings-scroll' },
      groups.map(({ name, findings: found }) => h('section', {},
        isOnePage ? null : h('h3', {}, name),
        h('ul', { class: 'findings-list' }, found.map((finding) => row(finding, on))))),
      notes.map((note) => h('p', { class: 'findings-note' }, note))));
}

function row(finding, on) {
  const { problem, remedy, places } = finding;
  const times = places.length > 1 ? h('span', { class: 'tag' }, `${places.length} places`) : null;
  return h('li', { class: `finding${isError(finding) ? ' is-error' : ''}` },
    icon(isError(finding) ? 'alert' : 'eye'),
    h('div', { class: 'finding-words' },
      h('p', {}, h('span', { class: 'visually-hidden' }, isError(finding) ? 'To put right: ' : 'To look at: '), h('strong', {}, plain(problem)), ' ', times),
      remedy && h('p', { class: 'finding-remedy' }, `${plain(remedy).replace(/^./u, (first) => first.toUpperCase())}.`)),
    h('div', { class: 'finding-actions' },
      places.length > 0 && h('button', { type: 'button', class: 'button small', 'aria-label': `Show: ${plain(problem)}`, onclick: () => on.show(finding) }, 'Show'),
      h('button', { type: 'button', class: 'button small', 'aria-label': `Fix it: ${plain(problem)}`, onclick: () => on.fix(finding) }, 'Fix it')));
}

const plain = (text) => text.replace(/`/g, '');
