import { exactTime, relativeTime } from '../text/relative-time.js';
import { debounce, find, h, icon } from '../ui/dom.js';
import { openMenu } from '../ui/menu.js';
import { chatMenu, renameInPlace } from './chat-actions.js';

/** The sidebar: every chat of this website, with a filter. `app` opens, renames and forgets chats. */
export function showChatList(chats, app) {
  const list = find('#chat-list');
  const more = find('#chat-list-more');
  const words = find('#chat-filter');
  const byHelper = find('#chat-filter-helper');

  let isStale = false;

  function draw() {
    // Redrawing would take a rename or an open menu away from under the person, and move what they aim at.
    isStale = Boolean(find('input, [aria-expanded=true]', list));
    if (isStale) return;
    const focused = document.activeElement?.closest('[data-chat]')?.dataset.chat;
    list.setAttribute('aria-busy', String(chats.state === 'loading'));
    if (chats.state === 'loading') list.replaceChildren(...skeleton());
    else {
      const rows = [...app.waitingChats.map((entry) => waitingRow(entry, app)), ...chats.rows.map((session) => row(session, app))];
      list.replaceChildren(...(rows.length ? rows : [emptyState(chats)]));
    }
    more.hidden = !chats.nextCursor;
    if (focused) find(`[data-chat="${focused}"] .chat-link`, list)?.focus();
  }

  words.addEventListener('input', debounce(200, () => chats.filter({ words: words.value.trim() })));
  words.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !words.value) return;
    event.stopPropagation();
    words.value = '';
    chats.filter({ words: '' });
  });
  byHelper.addEventListener('change', () => chats.filter({ helper: byHelper.value }));
  more.addEventListener('click', () => chats.loadMore());
  new IntersectionObserver(([entry]) => entry.isIntersecting && chats.loadMore()).observe(more);
  list.addEventListener('keydown', (event) => moveBetween(event, list));
  chats.addEventListener('change', draw);
  new MutationObserver(() => isStale && draw()).observe(list, { subtree: true, childList: true, attributeFilter: ['aria-expanded'] });
  setInterval(() => !document.hidden && chats.state === 'ready' && refreshTimes(list), 60_000);
  draw();
  return { draw };
}

function row(session, app) {
  const isActive = session.id === app.currentId;
  const isUnread = session.is_unread && !isActive;
  const persona = app.persona(session.helper);
  const title = h('span', { class: 'chat-title' }, session.title || 'New chat');
  const startRename = () => renameInPlace(title, session, { back: link, afterRename: app.chatRenamed });
  const stamp = session.last_message_at ?? session.updated_at;
  const menu = h('button', { type: 'button', class: 'icon-button chat-menu', 'aria-label': `More for “${session.title || 'New chat'}”`, 'aria-haspopup': 'menu', 'aria-expanded': 'false' }, icon('more'));
  menu.addEventListener('click', () => openMenu(menu, chatMenu(session, app, startRename)));
  const link = h('a', { class: 'chat-link', href: app.chatUrl(session.id), 'aria-current': isActive ? 'page' : null },
    h('span', { class: 'chat-line' }, title,
      session.branched_from_session_id ? h('span', { class: 'branch-mark', title: 'A branch of another chat' }, icon('branch'), h('span', { class: 'visually-hidden' }, 'branch')) : '',
      isUnread && !session.running_answer_id ? h('span', { class: 'unread-mark', title: 'New since you last looked' }, h('span', { class: 'visually-hidden' }, 'unread')) : '',
      session.running_answer_id
        ? h('span', { class: 'running-mark' }, h('span', { class: 'visually-hidden' }, 'answering'))
        : h('time', { class: 'chat-time', datetime: stamp, title: exactTime(stamp) }, relativeTime(stamp))),
    h('span', { class: 'chat-preview' }, session.last_message_preview || 'No messages yet'),
    h('span', { class: 'helper-badge', dataset: { helper: session.helper } }, persona.label));
  link.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    app.openChat(session.id);
  });
  link.addEventListener('dblclick', startRename);
  link.addEventListener('keydown', (event) => {
    if (event.key === 'F2') startRename();
    if (event.key === 'Delete') menu.click();
  });
  return h('li', { class: `chat-row${isActive ? ' is-active' : ''}${isUnread ? ' is-unread' : ''}`, dataset: { chat: session.id } }, link, menu);
}

/** A chat whose first message has not reached the server yet. */
function waitingRow(entry, app) {
  const isActive = app.shows(entry);
  const link = h('a', { class: 'chat-link', href: app.newChatUrl, 'aria-current': isActive ? 'page' : null },
    h('span', { class: 'chat-line' }, h('span', { class: 'chat-title' }, entry.text)),
    h('span', { class: 'chat-preview is-waiting' }, icon(entry.state === 'failed' ? 'alert' : 'clock'), entry.state === 'failed' ? 'Not sent' : 'Waiting to be sent'));
  link.addEventListener('click', (event) => {
    event.preventDefault();
    app.openWaiting(entry);
  });
  return h('li', { class: `chat-row${isActive ? ' is-active' : ''}`, dataset: { chat: entry.id } }, link);
}

function refreshTimes(list) {
  for (const time of list.querySelectorAll('time')) time.textContent = relativeTime(time.dateTime);
}

function skeleton() {
  return [0, 1, 2, 3].map(() => h('li', { class: 'chat-skeleton', 'aria-hidden': 'true' }, h('span'), h('span')));
}

function emptyState(chats) {
  if (chats.state === 'failed') {
    return h('li', { class: 'list-note' }, h('p', {}, chats.problem),
      h('button', { type: 'button', class: 'button small', onclick: () => chats.load() }, 'Try again'));
  }
  if (chats.words || chats.helper) return h('li', { class: 'list-note' }, h('p', {}, 'No chat matches this filter.'));
  return h('li', { class: 'list-note' }, h('p', {}, 'No chats yet.'), h('p', {}, 'Your first message starts one. It is saved before you see the answer.'));
}

function moveBetween(event, list) {
  if (!event.target.matches('.chat-link') || !['ArrowDown', 'ArrowUp'].includes(event.key)) return;
  event.preventDefault();
  const links = [...list.querySelectorAll('.chat-link')];
  links[links.indexOf(event.target) + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
}
