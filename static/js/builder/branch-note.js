import { request } from '../net/api.js';
import { find, onPlainClick } from '../ui/dom.js';

/** A link to the chat that the open chat was branched from; hidden when that chat was deleted. */
export class BranchNote {
  #note = find('#branch-note');
  #origin = find('#branch-origin');
  #chat = null;

  constructor(app, chats) {
    this.app = app;
    this.chats = chats;
    onPlainClick(this.#origin, () => {
      const { branched_from_session_id: id, branched_from_message_id: messageId } = this.#chat;
      app.openChat(id, { messageId });
    });
  }

  async show(chat) {
    const id = chat?.branched_from_session_id ?? null;
    const isSame = id === (this.#chat?.branched_from_session_id ?? null);
    this.#chat = chat;
    if (isSame) return;
    this.#note.hidden = true;
    if (!id) return;
    const origin = this.chats.rows.find((row) => row.id === id) ?? (await this.#read(id));
    if (!origin || this.#chat?.branched_from_session_id !== id) return;
    this.#origin.textContent = origin.title || 'New chat';
    this.#origin.href = this.app.chatUrl(id);
    this.#note.hidden = false;
  }

  async #read(id) {
    return request('GET', `/api/chat/sessions/${id}?limit=1`).then((data) => data.session, () => null);
  }
}
