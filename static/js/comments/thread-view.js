import { h } from '../ui/dom.js';
import { timeElement } from '../ui/times.js';

/** A thread in a list: a button with its first words that calls `select`, all that was said, and `more` below when it is selected. */
export function threadView(thread, { isSelected, where = '', select, more = () => [], besides = () => null }) {
  const [first, ...others] = thread.comments;
  return h('li', { class: `comment-thread${isSelected ? ' is-selected' : ''}${thread.isResolved ? ' is-resolved' : ''}${thread.isUnread ? ' is-unread' : ''}` },
    h('button', { type: 'button', class: 'comment-head', 'aria-expanded': String(isSelected), onclick: select },
      h('span', { class: 'comment-pin' }, String(thread.number)),
      h('span', { class: 'comment-name' }, authorOf(first)),
      thread.isUnread && h('span', { class: 'comment-new' }, 'New'),
      thread.isResolved && h('span', { class: 'comment-state' }, 'Resolved'),
      h('span', { class: 'comment-where' }, where),
      timeElement(first.created_at)),
    h('div', { class: 'comment-body' }, h('p', { class: 'comment-text' }, first.text), isSelected && besides(first)),
    others.length > 0 && h('ol', { class: 'comment-others', 'aria-label': 'Replies' }, others.map((comment) => h('li', {},
      h('p', { class: 'comment-by' }, h('span', { class: 'comment-name' }, authorOf(comment)), timeElement(comment.created_at)),
      h('div', { class: 'comment-body' }, h('p', { class: 'comment-text' }, comment.text), isSelected && besides(comment))))),
    isSelected && more());
}

export const authorOf = ({ author }) => author ?? 'Owner of the page';
