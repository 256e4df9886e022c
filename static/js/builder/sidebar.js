import { find } from '../ui/dom.js';
import { toast } from '../ui/toasts.js';
import { importChat } from './import-dialog.js';
import { lastChat } from './memory.js';
import { newChat } from './opening.js';
import { openTrash } from './trash-dialog.js';

/** The buttons around the list of chats, and the way to its search by keyboard. */
export function watchSidebar(page) {
  find('#new-chat').addEventListener('click', () => {
    lastChat.clear(page.website.id);
    page.panes.closeHistory();
    newChat(page);
  });
  find('#import-chat').addEventListener('click', async () => {
    const session = await importChat(page.website.id);
    if (!session) return;
    toast(`“${session.title}” imported`);
    page.app.chatRestored(session);
  });
  find('#trash').addEventListener('click', async () => {
    const session = await openTrash();
    // A chat that a program made may be of no website.
    if (session && !session.website_id) toast('Restored');
    else if (session && session.website_id !== page.website.id) location.assign(`/websites/${session.website_id}/chats/${session.id}`);
    else if (session) page.app.chatRestored(session);
  });
  addEventListener('keydown', (event) => {
    if (event.key === 'k' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      find('#chat-filter').focus();
    }
  });
}
