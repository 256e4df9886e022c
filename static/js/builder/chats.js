import { request } from '../net/api.js';

const NO_FILTER = { words: '', helper: '', tag: '', archived: false };

/** The chats of one website as the sidebar shows them: filtered, a page at a time. Emits `change` and `problem`. */
export class Chats extends EventTarget {
  // In the order of the server's pages.
  rows = [];
  nextCursor = null;
  state = 'loading';
  filters = NO_FILTER;
  #requestNumber = 0;
  #isLoadingMore = false;
  // The filter was changed: what is shown belongs to the one before, even if nothing was found.
  #isRefiltered = false;

  constructor(websiteId) {
    super();
    this.websiteId = websiteId;
  }

  /** Pinned chats first, then by last message; renaming a chat does not move it. */
  get shown() {
    const rank = (row) => [row.pinned_at ? 1 : 0, Date.parse(row.last_message_at ?? row.created_at) || 0];
    return this.rows.map((row) => ({ row, rank: rank(row) })).sort((a, b) => b.rank[0] - a.rank[0] || b.rank[1] - a.rank[1]).map(({ row }) => row);
  }

  get hasRunning() {
    return this.rows.some((row) => row.running_answer_id);
  }

  get isFiltered() {
    return Object.values(this.filters).some(Boolean);
  }

  get tags() {
    return [...new Set(this.rows.flatMap((row) => row.tags ?? []))].sort((a, b) => a.localeCompare(b));
  }

  /** Load the newest page; keeps rows that were loaded beyond it, and emits no event when nothing changed. */
  async load() {
    const number = ++this.#requestNumber;
    try {
      const data = await request('GET', this.#url());
      // Pinned chats are shown even when they are beyond the first page.
      const pinned = data.next_cursor ? (await request('GET', `${this.#url()}&pinned=true`)).sessions : [];
      if (number !== this.#requestNumber) return;
      this.#take(data, pinned);
    } catch (error) {
      if (number !== this.#requestNumber) return;
      this.state = this.rows.length ? 'ready' : 'failed';
      this.problem = error.message;
      this.#changed();
    }
  }

  async loadMore() {
    const cursor = this.nextCursor;
    if (!cursor || this.#isLoadingMore) return;
    this.#isLoadingMore = true;
    const url = this.#url();
    try {
      const data = await request('GET', `${url}&cursor=${encodeURIComponent(cursor)}`);
      // If the filter changed meanwhile, these rows do not belong to it.
      if (url === this.#url() && this.nextCursor === cursor) this.#append(data);
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

  /** Set the filters {words, helper, tag, archived}; those not given are cleared. */
  filter(filters) {
    this.#isRefiltered = true;
    Object.assign(this, { filters: { ...NO_FILTER, ...filters }, nextCursor: null, rows: [] });
    return this.load();
  }

  /** Update a chat in the list; with `toTop` (it just got a message) move it to the top, or add it there. */
  put(chat, { toTop = false } = {}) {
    const at = this.rows.findIndex((row) => row.id === chat.id);
    if (at < 0 && !toTop) return;
    const row = { ...this.rows[at], ...chat };
    if (at >= 0) this.rows.splice(at, 1);
    this.rows.splice(toTop ? 0 : at, 0, row);
    this.#changed();
  }

  remove(...ids) {
    this.rows = this.rows.filter((row) => !ids.includes(row.id));
    this.#changed();
  }

  #url() {
    const { words, helper, tag, archived } = this.filters;
    const query = new URLSearchParams({ website_id: this.websiteId, limit: '30', archived });
    for (const [name, value] of [['q', words], ['helper', helper], ['tag', tag]]) if (value) query.set(name, value);
    return `/api/chat/sessions?${query}`;
  }

  #take({ sessions, next_cursor }, pinned) {
    const before = JSON.stringify([this.state, this.rows]);
    const last = sessions.at(-1);
    const fresh = new Set(sessions.map((row) => row.id));
    const isBeyond = (row) => !fresh.has(row.id) && Date.parse(row.updated_at) < Date.parse(last.updated_at);
    const beyond = next_cursor ? this.rows.filter(isBeyond) : [];
    const kept = new Set(beyond.map((row) => row.id));
    this.rows = [...sessions, ...beyond, ...pinned.filter((row) => !fresh.has(row.id) && !kept.has(row.id))];
    if (!beyond.length) this.nextCursor = next_cursor ?? null;
    this.state = 'ready';
    if (this.#isRefiltered || JSON.stringify([this.state, this.rows]) !== before) this.#changed();
    this.#isRefiltered = false;
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
