import { find } from '../ui/dom.js';
import { toastError } from '../ui/toasts.js';
import { Conversation } from './conversation.js';
import { join } from './live.js';
import { drafts, lastChat } from './memory.js';
import { drawConversation, showConversation } from './showing.js';

/** How the parts have another chat opened. */
export function chatOpening(page) {
  return {
    async openChat(id, { messageId = null } = {}) {
      history.pushState(null, '', page.app.chatUrl(id));
      page.panes.closeHistory();
      await openChat(page, id);
      if (messageId && page.current.id === id) await page.app.reveal(messageId);
    },
    openWaiting(entry) {
      page.panes.closeHistory();
      newChat(page, { entry });
    },
  };
}

/** Show a saved chat, following its answer if one is being written; one that is gone leads to a new chat. */
export async function openChat(page, id) {
  const session = page.chats.rows.find((row) => row.id === id) ?? { id, title: '', helper: page.current.helper };
  const conversation = new Conversation({ websiteId: page.website.id, session });
  const isShown = () => conversation === page.current;
  showConversation(page, conversation);
  page.welcome.hide();
  find('#loading').hidden = false;
  page.chatList.draw();
  try {
    await conversation.load();
    lastChat.save(page.website.id, id);
    if (isShown()) showWaiting(page);
    joinRunning(page, conversation);
  } catch (error) {
    if (!isShown()) return;
    if (error.code === 'not_found') forget(page, id);
    toastError(error);
  } finally {
    if (isShown()) find('#loading').hidden = true;
  }
}

/** Show an empty chat, or the one that begins with a message of the outbox. */
export function newChat(page, { replace = false, entry = null } = {}) {
  history[replace ? 'replaceState' : 'pushState'](null, '', page.app.newChatUrl);
  showConversation(page, new Conversation({ websiteId: page.website.id, helper: entry?.helper ?? page.helpers[0].name }));
  find('#loading').hidden = true;
  if (entry) page.current.firstMessageId = entry.id;
  showWaiting(page);
  drawConversation(page);
  page.chatList.draw();
  page.composer.focus();
}

/** A chat is gone: nothing is left of it here either, and another one is shown in its place. */
export function forget(page, id) {
  const { website, current } = page;
  drafts.save(website.id, id, '');
  if (id === current.id || id === lastChat.get(website.id)) lastChat.clear(website.id);
  if (id === current.id) newChat(page, { replace: true });
}

export function joinRunning(page, conversation) {
  const id = conversation.session.running_answer_id ?? conversation.runningAnswer?.id;
  if (id && conversation === page.current) join(conversation, id);
}

/** Open the chat in the address, else one that is not sent yet, else the one this website was left in, else the latest. */
export async function openFirstChat(page, sessionId) {
  const { website, outbox, app, chats } = page;
  page.versions.load().catch(toastError);
  const loaded = chats.load();
  await outbox.start();
  const entry = sessionId ? null : app.waitingChats.at(-1);
  if (entry) return newChat(page, { replace: true, entry });
  let id = sessionId ?? lastChat.get(website.id);
  if (!id && !lastChat.startedFresh(website.id)) {
    await loaded;
    id = chats.rows[0]?.id;
  }
  if (!id) return newChat(page, { replace: true });
  const messageId = location.hash.slice(1);
  if (id !== sessionId || messageId) history.replaceState(null, '', app.chatUrl(id));
  await openChat(page, id);
  if (messageId && id === page.current.id) await app.reveal(messageId);
}

function showWaiting(page) {
  for (const entry of page.outbox.entries.values()) if (page.app.shows(entry)) page.current.putWaiting(entry);
}
