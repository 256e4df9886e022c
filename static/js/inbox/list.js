import { h } from '../ui/dom.js';
import { timeElement } from '../ui/times.js';
import { isUndelivered, senderOf, summaryOf } from './texts.js';

/** A row of the list of submissions. */
export function listRow(row, isOpen, open) {
  const isUnread = !row.is_read && !row.is_quarantined;
  return h('li', {},
    h('button', { type: 'button', class: `inbox-row${isUnread ? ' is-unread' : ''}`, 'aria-current': isOpen ? 'true' : null, dataset: { id: row.id }, onclick: () => open(row) },
      h('span', { class: 'inbox-row-head' },
        h('span', { class: 'inbox-dot', 'aria-hidden': 'true' }),
        h('strong', {}, senderOf(row)),
        isUnread && h('span', { class: 'visually-hidden' }, ', unread'),
        timeElement(row.created_at)),
      h('span', { class: 'inbox-row-text' }, summaryOf(row)),
      h('span', { class: 'inbox-row-foot' }, h('span', { class: 'kind' }, row.form), isUndelivered(row) && h('span', { class: 'tag' }, 'Undelivered'))));
}
