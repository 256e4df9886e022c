import { request } from '../net/api.js';
import { kindLabel } from '../text/kind-labels.js';
import { relativeTime } from '../text/relative-time.js';
import { plainText } from '../text/page-blocks.js';
import { debounce, find, h } from '../ui/dom.js';
import { withMarks } from '../ui/marks.js';

/** Search the open chat by words and by kind of message; a result scrolls to its message. */
export class FindInChat {
  #bar = find('#find-bar');
  #words = find('#find-words');
  #kind = find('#find-kind');
  #results = find('#find-results');
  #toggle = find('#find-toggle');
  #conversation = find('#conversation');
  #pending = null;

  constructor(app) {
    this.app = app;
    const soon = debounce(200, () => this.#search());
    this.#words.addEventListener('input', soon);
    this.#kind.addEventListener('change', () => this.#search());
    this.#bar.addEventListener('submit', (event) => event.preventDefault());
    find('#find-close').addEventListener('click', () => this.close());
    this.#toggle.addEventListener('click', () => (this.#bar.hidden ? this.open() : this.close()));
    this.#bar.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
    });
  }

  open(words = '') {
    this.#words.value = words;
    this.#bar.hidden = false;
    this.#toggle.setAttribute('aria-expanded', 'true');
    this.#words.focus();
    this.#search();
  }

  close() {
    this.#pending?.abort();
    if (this.#bar.contains(document.activeElement)) this.#toggle.focus();
    this.#bar.hidden = true;
    this.#words.value = '';
    this.#kind.value = '';
    this.#toggle.setAttribute('aria-expanded', 'false');
    this.#showResults(false);
  }

  async #search() {
    this.#pending?.abort();
    const words = this.#words.value.trim();
    const query = new URLSearchParams({ limit: '50', ...(words && { q: words }), ...(this.#kind.value && { kind: this.#kind.value }) });
    if (!this.app.currentId || query.size === 1) return this.#showResults(false);
    this.#pending = new AbortController();
    try {
      const { messages, next_cursor } = await firstFound(`/api/chat/sessions/${this.app.currentId}/messages?${query}`, this.#pending.signal);
      this.#draw(messages.reverse(), words, next_cursor);
    } catch (error) {
      if (error.name === 'AbortError') return;
      this.#results.replaceChildren(h('p', { class: 'list-note', role: 'alert' }, error.message));
    }
    this.#showResults(true);
  }

  #draw(messages, words, more) {
    const count = messages.length ? `${messages.length}${more ? '+' : ''} ${messages.length === 1 ? 'message' : 'messages'}` : 'Nothing found in this chat. Try fewer words or another kind of message, or search all chats in the history.';
    this.#results.replaceChildren(h('p', { class: 'find-count', role: 'status' }, count), h('ol', { class: 'find-list' }, messages.map((message) => this.#result(message, words))));
  }

  #result(message, words) {
    const button = h('button', { type: 'button', class: 'find-result', onclick: () => this.#goTo(message.id) },
      h('span', { class: 'find-who' }, message.role === 'user' ? 'You' : this.app.helperNamed(this.app.helper).label,
        kindLabel(message.kind) && h('span', { class: 'kind' }, kindLabel(message.kind)), h('time', { datetime: message.created_at }, relativeTime(message.created_at))),
      h('span', { class: 'find-snippet' }, marked(snippet(plainText(message.content), words), words)));
    return h('li', {}, button);
  }

  #goTo(id) {
    this.close();
    this.app.reveal(id);
  }

  #showResults(isShown) {
    this.#results.hidden = !isShown;
    this.#conversation.inert = isShown;
  }
}

/** The latest page that is not empty: in a long chat, one page looks at a part of it. */
async function firstFound(url, signal) {
  let page = await request('GET', url, undefined, signal);
  while (!page.messages.length && page.next_cursor) page = await request('GET', `${url}&cursor=${encodeURIComponent(page.next_cursor)}`, undefined, signal);
  return page;
}

function snippet(text, words) {
  const at = Math.max(0, text.toLowerCase().indexOf(words.toLowerCase()) - 60);
  return `${at ? '…' : ''}${text.slice(at, at + 220)}${text.length > at + 220 ? '…' : ''}`;
}

function marked(text, words) {
  const needle = words.toLowerCase();
  const haystack = text.toLowerCase();
  const ranges = [];
  for (let at = needle ? haystack.indexOf(needle) : -1; at >= 0; at = haystack.indexOf(needle, at + needle.length)) ranges.push([at, at + needle.length]);
  return withMarks(text.split(''), ranges);
}
