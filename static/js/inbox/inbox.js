import { fetchResponse, request } from '../net/api.js';

const PAGE = 30;

/** What visitors sent by a website's forms. A "change" event says that the list or the counts changed. */
export class Inbox extends EventTarget {
  #path;
  #cursor = null;
  #asked = 0;
  #leaving = new Map();
  rows = [];
  counts = { unread: 0, quarantined: 0, forms: [] };
  filter = { quarantined: false, q: '' };

  constructor(websiteId) {
    super();
    this.websiteId = websiteId;
    this.#path = `/api/websites/${websiteId}/submissions`;
    // What was deleted a moment ago is deleted all the same.
    addEventListener('pagehide', () => {
      for (const id of [...this.#leaving.keys()]) this.#delete(id);
    });
  }

  get hasMore() {
    return this.#cursor !== null;
  }

  get tablePath() {
    return `${this.#path}.csv?quarantined=${this.filter.quarantined}`;
  }

  find(id) {
    return this.rows.find((row) => row.id === id) ?? null;
  }

  /** Read how many there are. */
  async count() {
    this.#take(await request('GET', `${this.#path}?limit=1`));
  }

  /** Read the first page of what a filter lets through; of two that run, the later one counts. */
  async load(filter = {}) {
    Object.assign(this.filter, filter);
    this.#asked += 1;
    const number = this.#asked;
    const page = await request('GET', this.#query(null));
    if (number !== this.#asked) return;
    this.rows = page.submissions.filter((row) => !this.#leaving.has(row.id));
    this.#cursor = page.next_cursor;
    this.#take(page);
  }

  async more() {
    const number = this.#asked;
    const page = await request('GET', this.#query(this.#cursor));
    if (number !== this.#asked) return;
    this.rows.push(...page.submissions);
    this.#cursor = page.next_cursor;
    this.#take(page);
  }

  async mark(row, changes) {
    const { submission } = await request('PATCH', `/api/submissions/${row.id}`, changes);
    this.#put(submission);
    if (submission.is_quarantined !== this.filter.quarantined) this.#remove(submission);
    this.#changed();
    await this.count();
  }

  /** Take a submission off the list; it is deleted after some seconds, unless the function that is returned is called. */
  leave(row, seconds) {
    const at = this.rows.findIndex(({ id }) => id === row.id);
    this.#remove(row);
    if (!row.is_read && !row.is_quarantined) this.counts.unread -= 1;
    this.#leaving.set(row.id, setTimeout(() => this.#delete(row.id), seconds * 1000));
    this.#changed();
    return () => {
      clearTimeout(this.#leaving.get(row.id));
      this.#leaving.delete(row.id);
      this.rows.splice(at, 0, row);
      this.count().catch(() => {});
    };
  }

  async emptyQuarantine() {
    await request('DELETE', `${this.#path}?quarantined=true`);
    await this.load();
  }

  async tellAgain(row) {
    const { submission } = await request('POST', `/api/submissions/${row.id}/notices`, {});
    this.#put(submission);
    this.#changed();
  }

  #query(cursor) {
    const { quarantined, q } = this.filter;
    const query = new URLSearchParams({ limit: PAGE, quarantined, ...(q && { q }), ...(cursor && { cursor }) });
    return `${this.#path}?${query}`;
  }

  #take({ unread, quarantined, forms }) {
    this.counts = { unread, quarantined, forms };
    this.#changed();
  }

  // The list may have been read again while it was changed.
  #put(row) {
    this.rows = this.rows.map((one) => (one.id === row.id ? { ...one, ...row } : one));
  }

  #remove({ id }) {
    this.rows = this.rows.filter((one) => one.id !== id);
  }

  #delete(id) {
    clearTimeout(this.#leaving.get(id));
    this.#leaving.delete(id);
    fetchResponse(`/api/submissions/${id}`, { method: 'DELETE', keepalive: true }).catch(() => {});
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
