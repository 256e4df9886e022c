import { request } from '../net/api.js';

/** The chats of one website as the sidebar shows them: filtered, newest first, a page at a time. Emits `change` and `problem`. */
export class Chats extends EventTarget {
  rows = [];
  nextCursor = null;
  state = 'loading';
  words = '';
  helper = '';
  #asked = 0;
  #isLoadingMore = false;

  constructor(websiteId) {
    super();
    this.websiteId = websiteId;
  }

  get hasRunning() {
    return this.rows.some((row) => row.running_answer_id);
  }

  /** Read the newest page; what was loaded beyond it stays, and nothing is said when nothing changed. */
  async load() {
    const ticket = ++this.#asked;
    try {
      const data = await request('GET', this.#url());
      if (ticket !== this.#asked) return;
      this.#take(data);
    } catch (error) {
      if (ticket !== this.#asked) return;
      this.state = this.rows.length ? 'ready' : 'failed';
      this.problem = error.message;
      this.#changed();
    }
  }

  async loadMore() {
    const cursor = this.nextCursor;
    if (!cursor || this.#isLoadingMore) return;
    this.#isLoadingMore = true;
    const ask = this.#url();
    try {
      const data = await request('GET', `${ask}&cursor=${encodeURIComponent(cursor)}`);
      // Another filter was set meanwhile: these rows are not of it.
      if (ask === this.#url() && this.nextCursor === cursor) this.#append(data);
    } catch (error) {
      this.dispatchEvent(new CustomEvent('problem', { detail: error }));
    } finally {
      this.#isLoadingMore = false;
    }
  }

  #append(data) {
    const known = new Set(this.rows.map((row) => row.id));
    this.rows.push(...data.sessions.filter((row) => !known.has(row.id)));
    this.nextCursor = data.next_cursor ?? null;
    this.#changed();
  }

  filter({ words = this.words, helper = this.helper }) {
    Object.assign(this, { words, helper, nextCursor: null, rows: [] });
    return this.load();
  }

  /** Show a change to a chat of the list at once; one that just had a message moves to the top, or comes in there. */
  put(session, { toTop = false } = {}) {
    const at = this.rows.findIndex((row) => row.id === session.id);
    if (at < 0 && !toTop) return;
    const row = { ...this.rows[at], ...session };
    if (at >= 0) this.rows.splice(at, 1);
    this.rows.splice(toTop ? 0 : at, 0, row);
    this.#changed();
  }

  remove(id) {
    this.rows = this.rows.filter((row) => row.id !== id);
    this.#changed();
  }

  #url() {
    const query = new URLSearchParams({ website_id: this.websiteId, limit: '30' });
    if (this.words) query.set('q', this.words);
    if (this.helper) query.set('helper', this.helper);
    return `/api/chat/sessions?${query}`;
  }

  #take({ sessions, next_cursor }) {
    const before = JSON.stringify([this.state, this.rows]);
    const last = sessions.at(-1);
    const fresh = new Set(sessions.map((row) => row.id));
    const beyond = next_cursor ? this.rows.filter((row) => !fresh.has(row.id) && Date.parse(row.updated_at) < Date.parse(last.updated_at)) : [];
    this.rows = [...sessions, ...beyond];
    if (!beyond.length) this.nextCursor = next_cursor ?? null;
    this.state = 'ready';
    if (JSON.stringify([this.state, this.rows]) !== before) this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
