import { exactTime, relativeTime } from '../text/relative-time.js';
import { h, icon } from '../ui/dom.js';
import { openMenu } from '../ui/menu.js';
import { chatMenu, renameInPlace } from './chat-actions.js';

/** A chat of the sidebar: a link to it, and a menu. */
export function chatRow(session, app) {
  const isActive = session.id === app.currentId;
  const title = titleOf(session);
  const startRename = () => renameInPlace(title, session, { back: link, afterRename: app.chatRenamed });
  const menu = h('button', { type: 'button', class: 'icon-button chat-menu', 'aria-label': `More for “${nameOf(session)}”`, 'aria-haspopup': 'menu', 'aria-expanded': 'false' }, icon('more'));
  menu.addEventListener('click', () => openMenu(menu, chatMenu(session, app, startRename)));
  const link = h('a', { class: 'chat-link', href: app.chatUrl(session.id), 'aria-current': isActive ? 'page' : null }, content(session, title, app));
  onPlainClick(link, () => app.openChat(session.id));
  link.addEventListener('dblclick', startRename);
  link.addEventListener('keydown', (event) => {
    if (event.key === 'F2') startRename();
    if (event.key === 'Delete') menu.click();
  });
  return h('li', { class: `chat-row${isActive ? ' is-active' : ''}${isUnread(session, app) ? ' is-unread' : ''}`, dataset: { chat: session.id } }, link, menu);
}

/** The same chat while several are being chosen: a box to tick. */
export function chatChoice(session, app, selection) {
  const box = h('input', { type: 'checkbox', class: 'chat-box', checked: selection.has(session.id), 'aria-label': nameOf(session) });
  box.addEventListener('change', () => selection.toggle(session.id, box.checked));
  return h('li', { class: 'chat-row is-choice', dataset: { chat: session.id } }, h('label', { class: 'chat-link' }, box, h('span', { class: 'chat-words' }, content(session, titleOf(session), app))));
}

/** A chat whose first message has not reached the server yet. */
export function waitingRow(entry, app) {
  const isActive = app.shows(entry);
  const link = h('a', { class: 'chat-link', href: app.newChatUrl, 'aria-current': isActive ? 'page' : null },
    h('span', { class: 'chat-line' }, h('span', { class: 'chat-title' }, entry.text)),
    h('span', { class: 'chat-preview is-waiting' }, icon(entry.state === 'failed' ? 'alert' : 'clock'), entry.state === 'failed' ? 'Not sent' : 'Waiting to be sent'));
  onPlainClick(link, () => app.openWaiting(entry));
  return h('li', { class: `chat-row${isActive ? ' is-active' : ''}`, dataset: { chat: entry.id } }, link);
}

const nameOf = (session) => session.title || 'New chat';
const titleOf = (session) => h('span', { class: 'chat-title' }, nameOf(session));
const isUnread = (session, app) => session.is_unread && session.id !== app.currentId;

function content(session, title, app) {
  const stamp = session.last_message_at ?? session.created_at;
  return [
    h('span', { class: 'chat-line' }, title,
      session.pinned_at ? mark('pin', 'Pinned') : '',
      session.branched_from_session_id ? mark('branch', 'A branch of another chat') : '',
      isUnread(session, app) && !session.running_answer_id ? h('span', { class: 'unread-mark', title: 'New since you last looked' }, h('span', { class: 'visually-hidden' }, 'unread')) : '',
      session.running_answer_id
        ? h('span', { class: 'running-mark' }, h('span', { class: 'visually-hidden' }, 'answering'))
        : h('time', { class: 'chat-time', datetime: stamp, title: exactTime(stamp) }, relativeTime(stamp))),
    h('span', { class: 'chat-preview' }, session.last_message_preview || 'No messages yet'),
    h('span', { class: 'chat-labels' },
      h('span', { class: 'helper-badge', dataset: { helper: session.helper } }, app.helperNamed(session.helper).label),
      session.archived_at ? h('span', { class: 'kind' }, 'Archived') : '',
      (session.tags ?? []).map((tag) => h('span', { class: 'tag' }, tag))),
  ];
}

function mark(name, words) {
  return h('span', { class: 'chat-mark', title: words }, icon(name), h('span', { class: 'visually-hidden' }, words));
}

function onPlainClick(link, run) {
  link.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    run();
  });
}
