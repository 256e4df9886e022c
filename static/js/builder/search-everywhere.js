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
    // Typed before this script ran.
    if (words.value) soon();
    words.addEventListener('keydown', (event) => event.key === 'Escape' && soon());
  }

  async #search(words, all = false) {
    this.#pending?.abort();
    if (words.length < 2) return this.#hide();
    this.#pending = new AbortController();
    try {
      const path = `/api/search?limit=20&per_chat=true&all=${all}&q=${encodeURIComponent(words)}`;
      const { messages, newest_only: isPart } = await request('GET', path, undefined, this.#pending.signal);
      this.#show(messages, words);
      if (isPart) this.#offerAll(words);
    } catch (error) {
      if (error.name !== 'AbortError') this.#fill(h('p', { class: 'list-note', role: 'alert' }, error.message));
    }
  }

  #hide() {
    this.#results.hidden = true;
    this.#results.replaceChildren();
  }

  #fill(...content) {
    this.#results.hidden = false;
    this.#results.replaceChildren(h('h2', { class: 'search-title' }, 'In messages'), ...content.filter(Boolean));
  }

  // The open chat is no place to go to: its matches are one step away, in its own search.
  #show(messages, words) {
    const here = messages.find((message) => message.session_id === this.app.currentId);
    const others = messages.filter((message) => message !== here);
    this.#fill(
      here && this.#openChatButton(here, words),
      others.length ? h('ul', {}, others.map((message) => this.#row(message))) : h('p', { class: 'list-note', role: 'status' }, nothingFound(words, here)));
  }

  #openChatButton({ matches_in_chat: count }, words) {
    const label = `${count} ${count === 1 ? 'message' : 'messages'} in the open chat`;
    return h('button', { type: 'button', class: 'button small search-here', onclick: () => this.app.findInChat(words) }, label);
  }

  #offerAll(words) {
    this.#results.append(
      h('p', { class: 'list-note' }, 'These words are so common that only your newest messages were searched.'),
      h('button', { type: 'button', class: 'button small', onclick: () => this.#search(words, true) }, 'Search all messages'));
  }

  #row(message) {
    const isHere = message.website_id === this.app.websiteId;
    const place = message.website_id ? `/websites/${message.website_id}/chats/${message.session_id}#${message.id}` : null;
    const more = message.matches_in_chat - 1;
    // The spread splits into code points, which `matches` count.
    const link = h('a', { class: 'search-result', href: place },
      h('span', { class: 'search-where' }, h('span', {}, message.session_title), h('time', { datetime: message.created_at }, relativeTime(message.created_at))),
      h('span', { class: 'search-snippet' }, withMarks([...message.snippet], message.matches)),
      more > 0 ? h('span', { class: 'search-elsewhere' }, `${more} more in this chat`) : '',
      isHere ? '' : h('span', { class: 'search-elsewhere' }, 'Another website'));
    if (isHere) onPlainClick(link, () => this.app.openChat(message.session_id, { messageId: message.id }));
    return h('li', {}, link);
  }
}

function nothingFound(words, isInOpenChat) {
  const where = isInOpenChat ? 'No other chat' : 'No message';
  const isLong = /\s/.test(words);
  return `${where} has “${words}”. Try ${isLong ? 'fewer words' : 'another word'}, or only the beginning of one.`;
}
