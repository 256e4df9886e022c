import { requestAnswer } from '../answers/request-answer.js';
import { request } from '../net/api.js';
import { backoff } from '../net/backoff.js';

const TOPIC = 'outbox';
const LONGEST_WAIT = 30_000;
// An answer may end on another device.
const LOOK_AGAIN_AFTER = 3_000;

/**
 * Messages that wait for the server: each is stored in the browser before it is sent, and is sent again under its own id
 * until the server accepts or rejects it. One tab at a time sends a message; any open tab takes over what another left.
 *
 * entry = {id, userId, websiteId, sessionId, helper, text, edits, after, target, createdAt, state, problem, isMaybeStored}, stored
 * in IndexedDB. `state` is queued, sending, failed (rejected: the person must retry), or waiting: for an answer of its chat to end, or
 * for an earlier message there. Events: `change` ({entry}),
 * `gone` ({id}), `sent` ({entry, session, takeStream}). `takeStream()` returns {events, cancel} of the answer's stream, or
 * {} in tabs that did not send; a stream that no listener takes is cancelled.
 */
export class Outbox extends EventTarget {
  entries = new Map();
  #delivering = new Set();
  #wakers = new Set();

  constructor({ userId, store, tabs, post = requestAnswer, isBusy = hasRunningAnswer }) {
    super();
    Object.assign(this, { userId, store, tabs, post, isBusy });
    tabs.listen(TOPIC, (news) => this.#onTabMessage(news));
    globalThis.addEventListener?.('online', () => this.#wake());
  }

  /** Send the entries that an earlier visit left. */
  async start() {
    for (const entry of await this.store.all()) if (entry.userId === this.userId) this.#setEntry(entry);
    for (const entry of this.entries.values()) this.#deliver(entry);
  }

  /** Store a message and start to send it; with `waits`, once the answer that is running in its chat has ended. Resolves once it is stored. */
  async add({ waits = false, ...message }) {
    const entry = newEntry(this.userId, message);
    if (waits || this.#isBehind(entry)) entry.state = 'waiting';
    this.#setEntry(entry);
    await this.store.put(entry);
    this.#publish(entry);
    this.#deliver(entry);
  }

  /** Send an entry now, even one that was rejected. */
  async retry(id) {
    const entry = await this.store.change(id, (stored) => (stored.state === 'sending' ? stored : { ...stored, state: 'queued', problem: null, answerId: null }));
    if (!entry) return;
    this.#publish(entry);
    this.tabs.tell(TOPIC, { kind: 'wake' });
    this.#wake();
    this.#deliver(entry);
  }

  /** Remove an entry before it is sent; resolves false when it is being sent or may have arrived. */
  async withdraw(id) {
    let isRemoved = false;
    await this.store.change(id, (stored) => {
      isRemoved = stored.state === 'failed' || (stored.state !== 'sending' && !stored.isMaybeStored);
      return isRemoved ? null : stored;
    });
    if (!isRemoved) return false;
    this.#removeEntry(id);
    this.tabs.tell(TOPIC, { kind: 'gone', id });
    this.#wake();
    return true;
  }

  /** The messages that wait in a chat, in the order in which they will be sent. */
  waitingIn(sessionId) {
    return [...this.entries.values()].filter((entry) => entry.sessionId === sessionId && entry.state === 'waiting').sort(byTime);
  }

  /** An answer has ended: look at once whose turn it is. */
  answerEnded() {
    this.tabs.tell(TOPIC, { kind: 'wake' });
    this.#wake();
  }

  async #deliver({ id, state }) {
    if (state === 'failed' || this.#delivering.has(id)) return;
    this.#delivering.add(id);
    try {
      await this.tabs.alone(`outbox ${id}`, () => this.#sendWithRetries(id));
    } finally {
      this.#delivering.delete(id);
    }
  }

  async #sendWithRetries(id) {
    for (let failures = 0; ; failures += 1) {
      await this.#turnOf(id);
      const entry = await this.store.change(id, claim);
      if (!entry || entry.state === 'failed') return;
      this.#publish(entry);
      const couldLeave = globalThis.navigator?.onLine !== false;
      try {
        const reply = await this.post('/api/chat', bodyOf(entry), id);
        await this.store.delete(id);
        this.#sent({ entry, ...reply });
        return;
      } catch (error) {
        const next = afterError(entry, error, couldLeave);
        await this.store.put(next);
        this.#publish(next);
        if (next.state === 'failed') return;
        await this.#sleep(Math.min(LONGEST_WAIT, Math.max(backoff(failures), (error.retryAfter ?? 0) * 1000)));
      }
    }
  }

  // Resolves when a waiting message may be sent, or is gone.
  async #turnOf(id) {
    for (;;) {
      const entry = this.entries.get(id);
      if (entry?.state !== 'waiting') return;
      if (!this.#isBehind(entry) && !(await this.isBusy(entry.sessionId).catch(mayBeBusy))) return;
      await this.#sleep(LOOK_AGAIN_AFTER);
    }
  }

  #isBehind(entry) {
    return entry.sessionId !== null && [...this.entries.values()].some((other) => other.sessionId === entry.sessionId && other.state !== 'failed' && byTime(other, entry) < 0);
  }

  #sent(reply) {
    const { entry, session } = reply;
    let isTaken = false;
    const takeStream = () => {
      isTaken = true;
      return { events: reply.events, cancel: reply.cancel };
    };
    this.#removeEntry(entry.id, { isSent: true });
    this.#wake();
    this.#emit('sent', { entry, session, takeStream });
    if (!isTaken) reply.cancel();
    this.tabs.tell(TOPIC, { kind: 'sent', entry, session });
  }

  #onTabMessage({ kind, entry, id, session }) {
    if (entry && entry.userId !== this.userId) return;
    if (kind === 'wake') this.#wake();
    if (kind === 'gone') this.#removeEntry(id);
    if (kind === 'change') {
      this.#setEntry(entry);
      // This waits for the lock of the tab that is sending it, and takes over if that tab closes.
      this.#deliver(entry);
    }
    if (kind === 'sent') {
      this.#removeEntry(entry.id, { isSent: true });
      this.#wake();
      this.#emit('sent', { entry, session, takeStream: () => ({}) });
    }
  }

  #publish(entry) {
    this.#setEntry(entry);
    this.tabs.tell(TOPIC, { kind: 'change', entry });
  }

  #setEntry(entry) {
    this.entries.set(entry.id, entry);
    this.#emit('change', { entry });
  }

  #removeEntry(id, { isSent = false } = {}) {
    this.entries.delete(id);
    if (!isSent) this.#emit('gone', { id });
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #sleep(ms) {
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

/** An entry as it is stored before it is sent; `message` is {id, websiteId, sessionId, helper, text, edits, after, target}. */
export function newEntry(userId, message) {
  return { ...message, userId, createdAt: new Date().toISOString(), state: 'queued', problem: null, isMaybeStored: false };
}

const byTime = (one, other) => one.createdAt.localeCompare(other.createdAt) || one.id.localeCompare(other.id);

const hasRunningAnswer = async (sessionId) => (await request('GET', `/api/chat/sessions/${sessionId}?limit=1`)).session.running_answer_id !== null;

// A chat that is gone is not busy: sending says so.
const mayBeBusy = (error) => error.status !== 404;

// Only a new chat needs a website and a helper; an existing one has them.
function bodyOf({ id, sessionId, websiteId, helper, text, edits, after, target }) {
  const where = sessionId ? { session_id: sessionId } : { website_id: websiteId, helper };
  return { message: text, message_id: id, ...where, ...(edits && { edits }), ...(after && { after }), ...(target && { target }) };
}

// The lock is ours. If the entry is `sending` already, the tab that sent it is closed, and the server may have the message.
function claim(stored) {
  if (stored.state === 'failed') return stored;
  return { ...stored, state: 'sending', isMaybeStored: stored.isMaybeStored || stored.state === 'sending' };
}

// These do not reject the message: after a 401 it is sent once the same person has signed in again, and a 408 is a slow network.
const PASSING = new Set([401, 408]);

function afterError(entry, error, couldLeave) {
  if (error.code === 'answer_running' && entry.sessionId) return { ...entry, state: 'waiting', problem: null, isMaybeStored: false, answerId: error.answerId ?? null };
  const mayPass =
    !error.status || PASSING.has(error.status) || (error.status >= 500 && error.code !== 'model_not_configured');
  // A rejection shows that it was never stored: the server would have found it by its id.
  const isMaybeStored = mayPass && (entry.isMaybeStored || ((!error.status || error.status === 500) && couldLeave));
  return { ...entry, state: mayPass ? 'queued' : 'failed', problem: error.message, isMaybeStored, answerId: error.answerId ?? null };
}
