import { ask } from '../answers/ask.js';
import { backoff } from '../net/backoff.js';

const TOPIC = 'outbox';
const LONGEST_WAIT = 30_000;

/**
 * Messages on their way: written down before they are sent, sent again under their own id until the server has them or
 * refuses them, by one tab at a time. Whichever tab is open goes on with what another has left.
 *
 * entry = {id, userId, websiteId, sessionId, helper, text, edits, after, createdAt, state, problem, isMaybeStored}.
 * `state` is queued, sending or failed (refused: it waits for the person). Events: `change` ({entry}), `gone` ({id}),
 * `sent` ({entry, session, events?, cancel?}; the events are for the first listener that follows them, else cancelled).
 */
export class Outbox extends EventTarget {
  entries = new Map();
  #delivering = new Set();
  #wakers = new Set();

  constructor({ userId, store, tabs, post = ask }) {
    super();
    Object.assign(this, { userId, store, tabs, post });
    tabs.listen(TOPIC, (news) => this.#hear(news));
    globalThis.addEventListener?.('online', () => this.#wake());
  }

  /** Take up what was left by an earlier visit. */
  async start() {
    for (const entry of await this.store.all()) if (entry.userId === this.userId) this.#show(entry);
    for (const entry of this.entries.values()) this.#deliver(entry);
  }

  /** Write a message down; from here on it can't be lost. Resolves before it is sent. */
  async add(message) {
    const entry = { ...message, userId: this.userId, createdAt: new Date().toISOString(), state: 'queued', problem: null, isMaybeStored: false };
    this.#show(entry);
    await this.store.put(entry);
    this.#announce(entry);
    this.#deliver(entry);
  }

  /** Send now, also what was refused. */
  async retry(id) {
    const entry = await this.store.change(id, (stored) => (stored.state === 'sending' ? stored : { ...stored, state: 'queued', problem: null, answerId: null }));
    if (!entry) return;
    this.#announce(entry);
    this.tabs.tell(TOPIC, { kind: 'wake' });
    this.#wake();
    this.#deliver(entry);
  }

  /** Take a message back before it is sent; resolves false when it is on its way, or may have arrived. */
  async withdraw(id) {
    let isOurs = false;
    await this.store.change(id, (stored) => {
      isOurs = stored.state === 'failed' || (stored.state === 'queued' && !stored.isMaybeStored);
      return isOurs ? null : stored;
    });
    if (!isOurs) return false;
    this.#forget(id);
    this.tabs.tell(TOPIC, { kind: 'gone', id });
    this.#wake();
    return true;
  }

  async #deliver({ id, state }) {
    if (state === 'failed' || this.#delivering.has(id)) return;
    this.#delivering.add(id);
    try {
      await this.tabs.alone(`outbox ${id}`, () => this.#sendUntilHeard(id));
    } finally {
      this.#delivering.delete(id);
    }
  }

  async #sendUntilHeard(id) {
    for (let failures = 0; ; failures += 1) {
      const entry = await this.store.change(id, claimed);
      if (!entry || entry.state === 'failed') return;
      this.#announce(entry);
      const couldLeave = globalThis.navigator?.onLine !== false;
      try {
        const heard = await this.post('/api/chat', bodyOf(entry), id);
        await this.store.delete(id);
        this.#sent({ entry, ...heard });
        return;
      } catch (error) {
        const next = afterwards(entry, error, couldLeave);
        await this.store.put(next);
        this.#announce(next);
        if (next.state === 'failed') return;
        await this.#rest(Math.min(LONGEST_WAIT, Math.max(backoff(failures), (error.retryAfter ?? 0) * 1000)));
      }
    }
  }

  #sent(heard) {
    const { entry, session } = heard;
    let isTaken = false;
    const take = () => {
      isTaken = true;
      return { events: heard.events, cancel: heard.cancel };
    };
    this.#forget(entry.id, { isSent: true });
    this.#emit('sent', { entry, session, take });
    if (!isTaken) heard.cancel();
    this.tabs.tell(TOPIC, { kind: 'sent', entry, session });
  }

  #hear({ kind, entry, id, session }) {
    if (entry && entry.userId !== this.userId) return;
    if (kind === 'wake') this.#wake();
    if (kind === 'gone') this.#forget(id);
    if (kind === 'change') {
      this.#show(entry);
      // Waits for the tab that is sending it, in case that one is closed.
      this.#deliver(entry);
    }
    if (kind === 'sent') {
      this.#forget(entry.id, { isSent: true });
      this.#emit('sent', { entry, session, take: () => ({}) });
    }
  }

  #announce(entry) {
    this.#show(entry);
    this.tabs.tell(TOPIC, { kind: 'change', entry });
  }

  #show(entry) {
    this.entries.set(entry.id, entry);
    this.#emit('change', { entry });
  }

  #forget(id, { isSent = false } = {}) {
    this.entries.delete(id);
    if (!isSent) this.#emit('gone', { id });
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #rest(ms) {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wakers.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#wakers.add(done);
    });
  }

  #wake() {
    for (const done of [...this.#wakers]) done();
  }
}

// A chat has its website and its helper: only a new one is told.
function bodyOf({ id, sessionId, websiteId, helper, text, edits, after }) {
  const where = sessionId ? { session_id: sessionId } : { website_id: websiteId, helper };
  return { message: text, message_id: id, ...where, ...(edits && { edits }), ...(after && { after }) };
}

// Found as `sending` by whoever may send it now: the tab that was sending it is gone, and nobody knows how far it got.
function claimed(stored) {
  if (stored.state === 'failed') return stored;
  return { ...stored, state: 'sending', isMaybeStored: stored.isMaybeStored || stored.state === 'sending' };
}

// Signed out is no refusal of the message: it is sent once the same person is back.
function afterwards(entry, error, couldLeave) {
  const mayPass = error.status === 401 || !error.status || (error.status >= 500 && error.code !== 'model_not_configured');
  // A refusal settles it: what had been stored would have been found again by its id.
  const isMaybeStored = mayPass && (entry.isMaybeStored || ((!error.status || error.status === 500) && couldLeave));
  return { ...entry, state: mayPass ? 'queued' : 'failed', problem: error.message, isMaybeStored, answerId: error.answerId ?? null };
}
