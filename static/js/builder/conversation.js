import { newestAfter, pathTo, plant, reachesBack, turnsOf } from '../answers/tree.js';
import { request } from '../net/api.js';

const FIRST_PAGE = 30;

/**
 * One open chat: its session, the messages loaded so far, which path through them is shown, the answer being written.
 *
 * Events: `messages` (some came, went or changed), `text` (an answer grew), `session` (title, id), and what live.js
 * adds. A message here may also carry `delivery` ('queued', 'sending', 'failed', 'saved') and `problem`, which are ours.
 */
export class Conversation extends EventTarget {
  messages = new Map();
  nextCursor = null;
  leafId = null;
  live = null;
  isClosed = false;
  #tree = null;
  #asked = 0;

  constructor({ websiteId, helper, session = null }) {
    super();
    this.websiteId = websiteId;
    this.session = session;
    this.helper = session?.helper ?? helper;
  }

  get id() {
    return this.session?.id ?? null;
  }

  get tree() {
    this.#tree ??= plant(this.messages.values(), { isWhole: this.nextCursor === null });
    return this.#tree;
  }

  get path() {
    return pathTo(this.tree, this.leafId);
  }

  get turns() {
    return turnsOf(this.tree, this.path);
  }

  /** Whether scrolling up may bring more. */
  get reachesBack() {
    return reachesBack(this.tree, this.path);
  }

  get runningAnswer() {
    return [...this.messages.values()].find((message) => message.status === 'streaming' && message.role === 'assistant') ?? null;
  }

  /** The message that is on its way to the server. */
  get waiting() {
    return [...this.messages.values()].find((message) => message.delivery === 'queued' || message.delivery === 'sending') ?? null;
  }

  emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** Read the session and its latest messages; also brings an open chat up to date. */
  async load() {
    const ticket = ++this.#asked;
    const data = await request('GET', `/api/chat/sessions/${this.id}?limit=${FIRST_PAGE}`);
    if (ticket !== this.#asked) return;
    this.session = data.session;
    this.helper = data.session.helper;
    this.#dropStale(data);
    this.merge(data.messages);
    this.emit('session');
  }

  /** Read one page further back. Resolves false when there is nothing older. */
  async loadOlder(limit = FIRST_PAGE) {
    if (!this.nextCursor) return false;
    const cursor = this.nextCursor;
    const data = await request('GET', `/api/chat/sessions/${this.id}/messages?limit=${limit}&cursor=${encodeURIComponent(cursor)}`);
    if (this.nextCursor !== cursor) return true;
    this.nextCursor = data.next_cursor ?? null;
    this.merge(data.messages);
    return true;
  }

  /** Take what the server says, except for the text of an answer that we are following right now. */
  merge(messages) {
    for (const message of messages) {
      const known = this.messages.get(message.id);
      const isLive = this.live?.messageId === message.id;
      this.messages.set(message.id, isLive && known ? { ...message, content: known.content, status: known.status } : message);
    }
    this.#changed();
  }

  put(message) {
    this.messages.set(message.id, { ...this.messages.get(message.id), ...message });
    this.#changed(message.id);
  }

  /** Show a message of the outbox where it is going to stand. */
  putWaiting({ id, text, edits, after, createdAt, state, problem, isMaybeStored }) {
    const place = edits ? this.messages.get(edits)?.follows_id : (after ?? undefined);
    if (place !== undefined && !this.messages.has(id)) this.leafId = id;
    const message = { id, role: 'user', content: text, created_at: createdAt, delivery: state, problem, isMaybeStored };
    this.put({ ...message, ...(edits && { edit_of: edits }), ...(place !== undefined && { follows_id: place }) });
  }

  remove(id) {
    this.messages.delete(id);
    this.#changed();
  }

  /** Show the path that a message is on, as far as it goes. */
  choose(id) {
    const leaf = newestAfter(this.tree, id);
    this.leafId = leaf === this.tree.newest?.id ? null : leaf;
    this.emit('messages');
  }

  /** Stop following here; the answer itself goes on being written on the server. */
  close() {
    this.isClosed = true;
    this.live?.controller.abort();
  }

  // What was deleted elsewhere goes. After so much news that a page doesn't reach back to what is known, begin anew.
  #dropStale({ messages, next_cursor }) {
    const saved = [...this.messages.values()].filter((message) => message.seq);
    const from = next_cursor ? messages[0].seq : 0;
    const isGap = !saved.some((message) => message.seq >= from - 1);
    if (isGap || !next_cursor) this.nextCursor = next_cursor ?? null;
    const current = new Set(messages.map((message) => message.id));
    for (const { id, seq } of saved) if (isGap || (seq >= from && !current.has(id))) this.messages.delete(id);
  }

  #changed(id) {
    this.#tree = null;
    this.emit('messages', { id });
  }
}
