import { relativeTime } from '../text/relative-time.js';
import { debounce, find, h } from '../ui/dom.js';
import { chatChoice, chatRow, unsentChatRow } from './chat-row.js';

/** The sidebar: the chats of this website, with filters. */
export function showChatList(chats, selection, app) {
  const list = find('#chat-list');
  const more = find('#chat-list-more');
  let isStale = false;

  function draw() {
    // While a rename or a menu is open, redrawing would close it: wait until it is done.
    isStale = Boolean(find('.rename-input, [aria-expanded=true]', list));
    if (isStale) return;
    const focused = document.activeElement?.closest('[data-chat]')?.dataset.chat;
    list.setAttribute('aria-busy', String(chats.state === 'loading'));
    if (chats.state === 'loading') list.replaceChildren(...skeleton());
    else {
      const rows = selection.isOn
        ? chats.shown.map((chat) => chatChoice(chat, app, selection))
        : [...app.unsentChats.map((entry) => unsentChatRow(entry, app)), ...chats.shown.map((chat) => chatRow(chat, app))];
      list.replaceChildren(...(rows.length ? rows : [emptyState(chats)]));
    }
    more.hidden = !chats.nextCursor;
    if (focused) find(`[data-chat="${focused}"] :is(a.chat-link, .chat-box)`, list)?.focus();
  }

  watchFilters(chats);
  more.addEventListener('click', () => chats.loadMore());
  new IntersectionObserver(([entry]) => entry.isIntersecting && chats.loadMore()).observe(more);
  list.addEventListener('keydown', (event) => moveBetween(event, list));
  chats.addEventListener('change', draw);
  selection.addEventListener('mode', draw);
  new MutationObserver(() => isStale && draw()).observe(list, { subtree: true, childList: true, attributeFilter: ['aria-expanded'] });
  setInterval(() => !document.hidden && chats.state === 'ready' && refreshTimes(list), 60_000);
  draw();
  return { draw };
}

function watchFilters(chats) {
  const words = find('#chat-filter');
  const by = find('#chat-filter-by');
  const tags = find('#chat-filter-tags');
  const filter = () => {
    const [kind, ...value] = by.value.split(' ');
    chats.filter({ words: words.value.trim(), ...(kind && { [kind]: kind === 'archived' || value.join(' ') }) });
  };
  words.addEventListener('input', debounce(200, filter));
  // Typed before this script ran.
  if (words.value) filter();
  words.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !words.value) return;
    event.stopPropagation();
    words.value = '';
    filter();
  });
  by.addEventListener('change', filter);
  chats.addEventListener('change', () => {
    const known = new Set([...tags.children].map((option) => option.textContent));
    const added = chats.tags.filter((tag) => !known.has(tag));
    tags.append(...added.map((tag) => h('option', { value: `tag ${tag}` }, tag)));
    tags.hidden = !tags.children.length;
  });
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
  if (chats.filters.archived && !chats.filters.words) return h('li', { class: 'list-note' }, h('p', {}, 'No chat is archived.'));
  if (chats.isFiltered) return h('li', { class: 'list-note' }, h('p', {}, 'No chat has a title or last words like that.'));
  return h('li', { class: 'list-note' }, h('p', {}, 'No chats yet.'), h('p', {}, 'Your first message starts one. It is saved before you see the answer.'));
}

function moveBetween(event, list) {
  if (!event.target.matches('a.chat-link, .chat-box') || !['ArrowDown', 'ArrowUp'].includes(event.key)) return;
  event.preventDefault();
  const links = [...list.querySelectorAll('a.chat-link, .chat-box')];
  links[links.indexOf(event.target) + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
}
