import { newestAfter, pathTo, buildTree, hasOlder, turnsOf } from '../answers/message-tree.js';
import { request } from '../net/api.js';

const FIRST_PAGE = 30;

/**
 * One open chat: its row of the API (`chat`, null until it is saved), the messages loaded so far, the path through them
 * that is shown, and the stream of the answer being written ({controller, messageId}).
 *
 * Events: `messages` (added, removed or changed), `text` (an answer grew), `chat` (its row changed), and those of
 * streaming.js. Messages also have `delivery` ('queued', 'sending', 'failed', 'saved') and `problem`, set in the browser.
 */
export class Conversation extends EventTarget {
  messages = new Map();
  nextCursor = null;
  leafId = null;
  stream = null;
  isClosed = false;
  #tree = null;
  #requestNumber = 0;

  constructor({ websiteId, helper, chat = null }) {
    super();
    this.websiteId = websiteId;
    this.chat = chat;
    this.helper = chat?.helper ?? helper;
  }

  get id() {
    return this.chat?.id ?? null;
  }

  /** Whether it has messages, none of which is loaded yet. */
  get isLoading() {
    return this.chat !== null && this.messages.size === 0 && this.chat.message_count !== 0;
  }

  get tree() {
    this.#tree ??= buildTree(this.messages.values(), { isWhole: this.nextCursor === null });
    return this.#tree;
  }

  get path() {
    return pathTo(this.tree, this.leafId);
  }

  get turns() {
    return turnsOf(this.tree, this.path);
  }

  /** Whether there are older messages to load. */
  get hasOlder() {
    return hasOlder(this.tree, this.path);
  }

  get runningAnswer() {
    return [...this.messages.values()].find((message) => message.status === 'streaming' && message.role === 'assistant') ?? null;
  }

  /** The message that the server does not have yet. */
  get unsent() {
    return [...this.messages.values()].find((message) => message.delivery === 'queued' || message.delivery === 'sending') ?? null;
  }

  emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** Load the chat and its latest messages, or update them. */
  async load() {
    const number = ++this.#requestNumber;
    const data = await request('GET', `/api/chat/sessions/${this.id}?limit=${FIRST_PAGE}`);
    if (number !== this.#requestNumber) return;
    this.chat = data.session;
    this.helper = data.session.helper;
    this.#dropStale(data);
    this.merge(data.messages);
    this.emit('chat');
  }

  /** Load one page of older messages; resolves false when there are none. */
  async loadOlder(limit = FIRST_PAGE) {
    if (!this.nextCursor) return false;
    const cursor = this.nextCursor;
    const data = await request('GET', `/api/chat/sessions/${this.id}/messages?limit=${limit}&cursor=${encodeURIComponent(cursor)}`);
    if (this.nextCursor !== cursor) return true;
    this.nextCursor = data.next_cursor ?? null;
    this.merge(data.messages);
    return true;
  }

  /** Replace messages by the server's, except for the text of an answer whose stream is being followed. */
  merge(messages) {
    for (const message of messages) {
      const known = this.messages.get(message.id);
      const isStreamed = this.stream?.messageId === message.id;
      this.messages.set(message.id, isStreamed && known ? { ...message, content: known.content, status: known.status } : message);
    }
    this.#changed();
  }

  put(message) {
    this.messages.set(message.id, { ...this.messages.get(message.id), ...message });
    this.#changed(message.id);
  }

  /** Show an outbox entry where the message will be. */
  putOutboxEntry({ id, text, edits, after, target, createdAt, state, problem, isMaybeStored }) {
    const place = edits ? this.messages.get(edits)?.follows_id : (after ?? undefined);
    if (place !== undefined && !this.messages.has(id)) this.leafId = id;
    const message = { id, role: 'user', content: text, created_at: createdAt, delivery: state, problem, isMaybeStored, ...(target && { target }) };
    this.put({ ...message, ...(edits && { edit_of: edits }), ...(place !== undefined && { follows_id: place }) });
  }

  remove(id) {
    this.messages.delete(id);
    this.#changed();
  }

  /** Show the path through a message, down to its newest descendant. */
  choose(id) {
    const leaf = newestAfter(this.tree, id);
    this.leafId = leaf === this.tree.newest?.id ? null : leaf;
    this.emit('messages');
  }

  /** Stop following the stream; the server goes on writing the answer. */
  close() {
    this.isClosed = true;
    this.stream?.controller.abort();
  }

  // Remove messages that were deleted elsewhere. If the loaded page does not reach back to the known messages, drop them all.
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
