import { request } from '../net/api.js';
import { toastError } from '../ui/toasts.js';
import { closeDeletedChat } from './navigation.js';
import { tellOtherTabs } from './other-tabs.js';
import { refresh } from './sync.js';

/** The functions of `app` that show a change to a chat in the list, in the conversation and in other tabs. */
export function chatChanges(page) {
  const tell = () => tellOtherTabs(page.website.id);
  const isShown = (chat) => chat.id === page.current.id;
  return {
    async branch(message) {
      try {
        const { session: chat } = await request('POST', `/api/chat/messages/${message.id}/branch`, {});
        page.chats.put(chat, { toTop: true });
        await page.app.openChat(chat.id);
        tell();
      } catch (error) {
        toastError(error);
      }
    },
    chatRenamed(chat) {
      page.chats.put(chat);
      tell();
      if (!isShown(chat)) return;
      page.current.chat = { ...page.current.chat, title: chat.title };
      page.header.show(page.current);
    },
    /** A chat was pinned, tagged or archived. */
    chatUpdated(chat) {
      page.chats.put(chat);
      page.chats.load();
      tell();
      if (isShown(chat)) page.current.chat = { ...page.current.chat, ...chat };
    },
    /** The messages of a chat were deleted. */
    messagesCleared(chat) {
      if (isShown(chat)) refresh(page);
      else page.chats.load();
      tell();
    },
    async chatRestored(chat) {
      if (isShown(chat)) await refresh(page);
      else await page.app.openChat(chat.id);
      page.chats.load();
      tell();
    },
    chatDeleted(chat) {
      page.chats.remove(chat.id);
      closeDeletedChat(page, chat.id);
      tell();
    },
    /** Several chats were pinned, tagged, archived or restored. */
    chatsChanged() {
      refresh(page);
      tell();
    },
    chatsDeleted(chats) {
      page.chats.remove(...chats.map((chat) => chat.id));
      for (const { id } of chats) closeDeletedChat(page, id);
    },
  };
}
