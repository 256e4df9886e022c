import { find } from '../ui/dom.js';
import { toast } from '../ui/toasts.js';
import { importChat } from './import-dialog.js';
import { lastChat } from './local-storage.js';
import { openNewChat } from './navigation.js';
import { openTrash } from '../trash-dialog.js';

/** The sidebar's buttons (new chat, import, trash), and Ctrl+K for its search. */
export function watchSidebar(page) {
  find('#new-chat').addEventListener('click', () => {
    lastChat.saveNew(page.website.id);
    page.panes.closeHistory();
    openNewChat(page);
  });
  find('#import-chat').addEventListener('click', async () => {
    const chat = await importChat(page.website.id);
    if (!chat) return;
    toast(`“${chat.title}” imported`);
    page.app.chatRestored(chat);
  });
  find('#trash').addEventListener('click', async () => {
    const restored = await openTrash();
    if (restored?.website) return location.assign(`/websites/${restored.website.id}`);
    const chat = restored?.session;
    // A chat created through the API may have no website.
    if (chat && !chat.website_id) toast('Restored');
    else if (chat && chat.website_id !== page.website.id) location.assign(`/websites/${chat.website_id}/chats/${chat.id}`);
    else if (chat) page.app.chatRestored(chat);
  });
  addEventListener('keydown', (event) => {
    if (event.key === 'k' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      find('#chat-filter').focus();
    }
  });
}
