import { request } from '../net/api.js';
import { find } from '../ui/dom.js';

/** Where a branched chat came from, above its conversation; nothing when that chat is gone. */
export class BranchNote {
  #note = find('#branch-note');
  #origin = find('#branch-origin');
  #session = null;

  constructor(app, chats) {
    this.app = app;
    this.chats = chats;
    this.#origin.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const { branched_from_session_id: id, branched_from_message_id: messageId } = this.#session;
      app.openChat(id, { messageId });
    });
  }

  async show(session) {
    const id = session?.branched_from_session_id ?? null;
    const isSame = id === (this.#session?.branched_from_session_id ?? null);
    this.#session = session;
    if (isSame) return;
    this.#note.hidden = true;
    if (!id) return;
    const origin = this.chats.rows.find((row) => row.id === id) ?? (await this.#read(id));
    if (!origin || this.#session?.branched_from_session_id !== id) return;
    this.#origin.textContent = origin.title || 'New chat';
    this.#origin.href = this.app.chatUrl(id);
    this.#note.hidden = false;
  }

  async #read(id) {
    return request('GET', `/api/chat/sessions/${id}?limit=1`).then((data) => data.session, () => null);
  }
}
