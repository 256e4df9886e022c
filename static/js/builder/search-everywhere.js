import { request } from '../net/api.js';
import { relativeTime } from '../text/relative-time.js';
import { debounce, find, h, onPlainClick } from '../ui/dom.js';
import { withMarks } from '../ui/marks.js';

/** Search the messages of all chats on all websites with the sidebar's search box; shown below the matching chats. */
export class SearchEverywhere {
  #results = find('#search-results');
  #pending = null;

  constructor(app) {
    this.app = app;
    const words = find('#chat-filter');
    const soon = debounce(250, () => this.#search(words.value.trim()));
    words.addEventListener('input', soon);
    words.addEventListener('keydown', (event) => event.key === 'Escape' && soon());
  }

  async #search(words, all = false) {
    this.#pending?.abort();
    if (words.length < 2) return this.#show([]);
    this.#pending = new AbortController();
    try {
      const path = `/api/search?limit=20&all=${all}&q=${encodeURIComponent(words)}`;
      const { messages, newest_only: isPart } = await request('GET', path, undefined, this.#pending.signal);
      this.#show(messages);
      if (isPart) this.#offerAll(words);
    } catch (error) {
      if (error.name !== 'AbortError') this.#show([], error.message);
    }
  }

  #show(messages, problem = null) {
    this.#results.hidden = !messages.length && !problem;
    this.#results.replaceChildren(
      h('h3', { class: 'search-title' }, 'In messages'),
      problem ? h('p', { class: 'list-note', role: 'alert' }, problem) : h('ul', {}, messages.map((message) => this.#row(message))));
  }

  #offerAll(words) {
    this.#results.hidden = false;
    this.#results.append(
      h('p', { class: 'list-note' }, 'These words are so common that only your newest messages were searched.'),
      h('button', { type: 'button', class: 'button small', onclick: () => this.#search(words, true) }, 'Search all messages'));
  }

  #row(message) {
    const isHere = message.website_id === this.app.websiteId;
    const place = message.website_id ? `/websites/${message.website_id}/chats/${message.session_id}#${message.id}` : null;
    // The spread splits into code points, which `matches` count.
    const link = h('a', { class: 'search-result', href: place },
      h('span', { class: 'search-where' }, h('span', {}, message.session_title), h('time', { datetime: message.created_at }, relativeTime(message.created_at))),
      h('span', { class: 'search-snippet' }, withMarks([...message.snippet], message.matches)),
      isHere ? '' : h('span', { class: 'search-elsewhere' }, 'Another website'));
    if (isHere) onPlainClick(link, () => this.app.openChat(message.session_id, { messageId: message.id }));
    return h('li', {}, link);
  }
}
