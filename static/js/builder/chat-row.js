import { h, icon, onPlainClick } from '../ui/dom.js';
import { openMenu } from '../ui/menu.js';
import { timeElement } from '../ui/times.js';
import { chatMenu, renameInPlace } from './chat-actions.js';

/** A chat in the sidebar: a link and a menu. */
export function chatRow(chat, app) {
  const isActive = chat.id === app.currentId;
  const title = titleOf(chat);
  const startRename = () => renameInPlace(title, chat, { back: link, afterRename: app.chatRenamed });
  const menu = h('button', { type: 'button', class: 'icon-button chat-menu', 'aria-label': `More for “${nameOf(chat)}”`, 'aria-haspopup': 'menu', 'aria-expanded': 'false' }, icon('more'));
  menu.addEventListener('click', () => openMenu(menu, chatMenu(chat, app, startRename)));
  const link = h('a', { class: 'chat-link', href: app.chatUrl(chat.id), 'aria-current': isActive ? 'page' : null }, content(chat, title, app));
  onPlainClick(link, () => app.openChat(chat.id));
  link.addEventListener('dblclick', startRename);
  link.addEventListener('keydown', (event) => {
    if (event.key === 'F2') startRename();
    if (event.key === 'Delete') menu.click();
  });
  return h('li', { class: `chat-row${isActive ? ' is-active' : ''}${isUnread(chat, app) ? ' is-unread' : ''}`, dataset: { chat: chat.id } }, link, menu);
}

/** A chat in the sidebar while selecting: a checkbox. */
export function chatChoice(chat, app, selection) {
  const box = h('input', { type: 'checkbox', class: 'chat-box', checked: selection.has(chat.id), 'aria-label': nameOf(chat) });
  box.addEventListener('change', () => selection.toggle(chat.id, box.checked));
  return h('li', { class: 'chat-row is-choice', dataset: { chat: chat.id } }, h('label', { class: 'chat-link' }, box, h('span', { class: 'chat-words' }, content(chat, titleOf(chat), app))));
}

/** A chat whose first message has not reached the server yet. */
export function unsentChatRow(entry, app) {
  const isActive = app.isShown(entry);
  const link = h('a', { class: 'chat-link', href: app.newChatUrl, 'aria-current': isActive ? 'page' : null },
    h('span', { class: 'chat-line' }, h('span', { class: 'chat-title' }, entry.text)),
    h('span', { class: 'chat-preview is-waiting' }, icon(entry.state === 'failed' ? 'alert' : 'clock'), entry.state === 'failed' ? 'Not sent' : 'Waiting to be sent'));
  onPlainClick(link, () => app.openUnsentChat(entry));
  return h('li', { class: `chat-row${isActive ? ' is-active' : ''}`, dataset: { chat: entry.id } }, link);
}

const nameOf = (chat) => chat.title || 'New chat';
const titleOf = (chat) => h('span', { class: 'chat-title' }, nameOf(chat));
const isUnread = (chat, app) => chat.is_unread && chat.id !== app.currentId;

function content(chat, title, app) {
  const stamp = chat.last_message_at ?? chat.created_at;
  return [
    h('span', { class: 'chat-line' }, title,
      chat.pinned_at ? mark('pin', 'Pinned') : '',
      chat.branched_from_session_id ? mark('branch', 'A branch of another chat') : '',
      isUnread(chat, app) && !chat.running_answer_id ? h('span', { class: 'unread-mark', title: 'New since you last looked' }, h('span', { class: 'visually-hidden' }, 'unread')) : '',
      chat.running_answer_id
        ? h('span', { class: 'running-mark' }, h('span', { class: 'visually-hidden' }, 'answering'))
        : timeElement(stamp, { class: 'chat-time' })),
    h('span', { class: 'chat-preview' }, chat.last_message_preview || 'No messages yet'),
    h('span', { class: 'chat-labels' },
      h('span', { class: 'helper-badge', dataset: { helper: chat.helper } }, app.helperNamed(chat.helper).label),
      chat.archived_at ? h('span', { class: 'kind' }, 'Archived') : '',
      (chat.tags ?? []).map((tag) => h('span', { class: 'tag' }, tag))),
  ];
}

function mark(name, label) {
  return h('span', { class: 'chat-mark', title: label }, icon(name), h('span', { class: 'visually-hidden' }, label));
}
