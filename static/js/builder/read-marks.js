import { request } from '../net/api.js';

const PAUSE = 300;

/** Marks chats as read on the server: the open chat, in a visible tab, with no answer running. */
export class ReadMarks {
  #pending = null;
  #timer = null;

  constructor({ current, onRead }) {
    this.onRead = onRead;
    document.addEventListener('visibilitychange', () => this.markRead(current()));
  }

  /** Mark a conversation as read after a short pause; a pending one of another chat is sent at once. */
  markRead(conversation) {
    const { chat } = conversation;
    if (document.hidden || conversation.stream || !(chat?.last_seq > chat?.last_read_seq)) return;
    if (this.#pending !== conversation) this.#flush();
    clearTimeout(this.#timer);
    this.#pending = conversation;
    this.#timer = setTimeout(() => this.#flush(), PAUSE);
  }

  async #flush() {
    const chat = this.#pending?.chat;
    this.#pending = null;
    clearTimeout(this.#timer);
    if (!chat) return;
    try {
      const data = await request('PATCH', `/api/chat/sessions/${chat.id}`, { last_read_seq: chat.last_seq });
      Object.assign(chat, { last_read_seq: data.session.last_read_seq, is_unread: data.session.is_unread });
      this.onRead(chat);
    } catch {
      // The chat stays unread on all devices until it is opened again.
    }
  }
}
