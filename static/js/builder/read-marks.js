import { request } from '../net/api.js';

const PAUSE = 300;

/** Tells the server what was seen, so that no device calls it unread: an open chat, in a visible tab, with no answer running. */
export class ReadMarks {
  #pending = null;
  #timer = null;

  constructor({ current, onRead }) {
    this.onRead = onRead;
    document.addEventListener('visibilitychange', () => this.saw(current()));
  }

  /** Note that a conversation is on the screen as it is; one that was seen just before is not forgotten over it. */
  saw(conversation) {
    const { session } = conversation;
    if (document.hidden || conversation.live || !(session?.last_seq > session?.last_read_seq)) return;
    if (this.#pending !== conversation) this.#flush();
    clearTimeout(this.#timer);
    this.#pending = conversation;
    this.#timer = setTimeout(() => this.#flush(), PAUSE);
  }

  async #flush() {
    const session = this.#pending?.session;
    this.#pending = null;
    clearTimeout(this.#timer);
    if (!session) return;
    try {
      const data = await request('PATCH', `/api/chat/sessions/${session.id}`, { last_read_seq: session.last_seq });
      Object.assign(session, { last_read_seq: data.session.last_read_seq, is_unread: data.session.is_unread });
      this.onRead(session);
    } catch {
      // It is still unread then, here and elsewhere, until it is opened again.
    }
  }
}
