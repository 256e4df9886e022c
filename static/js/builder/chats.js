import { request } from '../net/api.js';

const NO_FILTER = { words: '', helper: '', tag: '', archived: false };

/** The chats of one website as the sidebar shows them: filtered, a page at a time. Emits `change` and `problem`. */
export class Chats extends EventTarget {
  // In the server's order, by which its pages follow each other.
  rows = [];
  nextCursor = null;
  state = 'loading';
  filters = NO_FILTER;
  #asked = 0;
  #isLoadingMore = false;

  constructor(websiteId) {
    super();
    this.websiteId = websiteId;
  }

  /** What was pinned first, then by the last word said: a new name is no news. */
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

  /** Read the newest page; what was loaded beyond it stays, and nothing is said when nothing changed. */
  async load() {
    const ticket = ++this.#asked;
    try {
      const data = await request('GET', this.#url());
      // A pin holds a chat in sight that is long past the first page.
      const pinned = data.next_cursor ? (await request('GET', `${this.#url()}&pinned=true`)).sessions : [];
      if (ticket !== this.#asked) return;
      this.#take(data, pinned);
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

  /** Show other chats: of a helper, with a tag, archived, or with words in them; what is not given is as without. */
  filter(filters) {
    Object.assign(this, { filters: { ...NO_FILTER, ...filters }, nextCursor: null, rows: [] });
    return this.load();
  }

  /** Show a change to a chat of the list at once; one that just had a message comes in at the top. */
  put(session, { toTop = false } = {}) {
    const at = this.rows.findIndex((row) => row.id === session.id);
    if (at < 0 && !toTop) return;
    const row = { ...this.rows[at], ...session };
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
    if (JSON.stringify([this.state, this.rows]) !== before) this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
