import { request } from '../net/api.js';
import { toastError } from '../ui/toasts.js';
import { refresh } from './keeping-up.js';
import { forget } from './opening.js';
import { tellOtherTabs } from './other-tabs.js';

/** What the page does once a chat was changed: in the list, in the conversation and in the other tabs. */
export function chatChanges(page) {
  const tell = (session) => tellOtherTabs(page.website.id, session?.id ?? null);
  const isShown = (session) => session.id === page.current.id;
  return {
    async branch(message) {
      try {
        const { session } = await request('POST', `/api/chat/messages/${message.id}/branch`, {});
        page.chats.put(session, { toTop: true });
        await page.app.openChat(session.id);
        tell(session);
      } catch (error) {
        toastError(error);
      }
    },
    chatRenamed(session) {
      page.chats.put(session);
      tell(session);
      if (!isShown(session)) return;
      page.current.session = { ...page.current.session, title: session.title };
      page.header.show(page.current);
    },
    /** A chat was pinned, tagged or archived. */
    chatPut(session) {
      page.chats.put(session);
      page.chats.load();
      tell(session);
      if (isShown(session)) page.current.session = { ...page.current.session, ...session };
    },
    /** Messages of a chat went. */
    chatChanged(session) {
      if (isShown(session)) refresh(page);
      else page.chats.load();
      tell(session);
    },
    async chatRestored(session) {
      if (isShown(session)) await refresh(page);
      else await page.app.openChat(session.id);
      page.chats.load();
      tell(session);
    },
    chatDeleted(session) {
      page.chats.remove(session.id);
      forget(page, session.id);
      tell(session);
    },
    /** Several were pinned, tagged, archived or brought back. */
    chatsChanged() {
      refresh(page);
      tell();
    },
    chatsDeleted(sessions) {
      page.chats.remove(...sessions.map((session) => session.id));
      for (const { id } of sessions) forget(page, id);
    },
  };
}
