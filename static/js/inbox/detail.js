import { nameOf } from '../builder/site-pages.js';
import { exactTime } from '../text/relative-time.js';
import { h, icon } from '../ui/dom.js';
import { addressOf, isUndelivered, labelOf, noticeText, reasons, senderOf } from './texts.js';

/** One submission with what can be done with it. `on` has `back`, `remove`, `markUnread`, `noSpam` and `tellAgain`. */
export function detail(row, on) {
  const address = addressOf(row);
  const notice = noticeText(row);
  return [
    h('div', { class: 'inbox-detail-head' },
      h('button', { type: 'button', class: 'button quiet small inbox-back', onclick: on.back }, icon('left'), 'All'),
      h('h3', { tabindex: '-1' }, senderOf(row)),
      h('p', { class: 'inbox-meta' }, h('time', { datetime: row.created_at }, exactTime(row.created_at)), ` · ${row.form}`, row.page && ` · ${nameOf(row.page)}`)),
    row.is_quarantined && h('div', { class: 'form-note notice' }, icon('alert'),
      h('div', {}, h('p', {}, 'In quarantine, as it looks like a machine’s:'), h('ul', { class: 'inbox-reasons' }, reasons(row).map((text) => h('li', {}, text))))),
    h('dl', { class: 'inbox-fields' }, row.fields.map(({ name, value }) => h('div', {}, h('dt', {}, labelOf(name)), h('dd', {}, value || '–')))),
    notice && h('p', { class: 'inbox-notice', role: 'status' }, notice,
      isUndelivered(row) && h('button', { type: 'button', class: 'button small', onclick: on.tellAgain }, icon('retry'), 'Send again')),
    h('div', { class: 'inbox-actions' },
      address && h('a', { class: 'button primary', href: `mailto:${encodeURIComponent(address).replace('%40', '@')}` }, icon('send'), 'Answer by mail'),
      row.is_quarantined
        ? h('button', { type: 'button', class: 'button', onclick: on.noSpam }, icon('check'), 'Not spam')
        : h('button', { type: 'button', class: 'button', onclick: on.markUnread }, 'Mark as unread'),
      h('button', { type: 'button', class: 'button', onclick: on.remove }, icon('trash'), 'Delete')),
  ];
}
