import { find } from '../ui/dom.js';
import { toastError } from '../ui/toasts.js';
import { Conversation } from './conversation.js';
import { drafts, lastChat } from './local-storage.js';
import { drawConversation, drawQueue, showConversation } from './render.js';
import { joinStream } from './streaming.js';

/** The functions of `app` that open another chat. */
export function navigationActions(page) {
  return {
    async openChat(id, { messageId = null } = {}) {
      history.pushState(null, '', page.app.chatUrl(id));
      page.panes.closeHistory();
      await openChat(page, id);
      if (messageId && page.current.id === id) await page.app.reveal(messageId);
    },
    openUnsentChat(entry) {
      page.panes.closeHistory();
      openNewChat(page, { entry });
    },
  };
}

/** Open a saved chat and follow its running answer, if any; opens a new chat when it no longer exists. */
export async function openChat(page, id) {
  const chat = page.chats.rows.find((row) => row.id === id) ?? { id, title: '', helper: page.current.helper };
  const conversation = new Conversation({ websiteId: page.website.id, chat });
  const isShown = () => conversation === page.current;
  showConversation(page, conversation);
  page.welcome.hide();
  find('#loading').hidden = false;
  page.chatList.draw();
  try {
    await conversation.load();
    lastChat.save(page.website.id, id);
    if (isShown()) showOutboxEntries(page);
    joinRunningAnswer(page, conversation);
  } catch (error) {
    if (!isShown()) return;
    if (error.code === 'not_found') closeDeletedChat(page, id);
    toastError(error);
  } finally {
    if (isShown()) find('#loading').hidden = true;
  }
}

/** Open an empty chat, or the unsent chat whose first message is an outbox entry. */
export function openNewChat(page, { replace = false, entry = null } = {}) {
  history[replace ? 'replaceState' : 'pushState'](null, '', page.app.newChatUrl);
  showConversation(page, new Conversation({ websiteId: page.website.id, helper: entry?.helper ?? page.helpers[0].name }));
  find('#loading').hidden = true;
  if (entry) page.current.firstMessageId = entry.id;
  showOutboxEntries(page);
  drawConversation(page);
  page.chatList.draw();
  page.composer.focus();
}

/** Remove what this browser stored about a deleted chat; if it is open, open a new chat instead. */
export function closeDeletedChat(page, id) {
  const { website, current } = page;
  drafts.save(website.id, id, '');
  if (id === current.id || id === lastChat.get(website.id)) lastChat.saveNew(website.id);
  if (id === current.id) openNewChat(page, { replace: true });
}

export function joinRunningAnswer(page, conversation) {
  const id = conversation.chat.running_answer_id ?? conversation.runningAnswer?.id;
  if (id && conversation === page.current) joinStream(conversation, id);
}

/** Open the chat in the address, else an unsent chat, else the last chat opened on this website, else the newest one. */
export async function openFirstChat(page, chatId) {
  const { website, outbox, app, chats } = page;
  page.versions.load().catch(toastError);
  const loaded = chats.load();
  await outbox.start();
  const entry = chatId ? null : app.unsentChats.at(-1);
  if (entry) return openNewChat(page, { replace: true, entry });
  let id = chatId ?? lastChat.get(website.id);
  if (!id && !lastChat.isNew(website.id)) {
    await loaded;
    id = chats.rows[0]?.id;
  }
  if (!id) return openNewChat(page, { replace: true });
  const messageId = location.hash.slice(1);
  if (id !== chatId || messageId) history.replaceState(null, '', app.chatUrl(id));
  await openChat(page, id);
  if (messageId && id === page.current.id) await app.reveal(messageId);
}

function showOutboxEntries(page) {
  for (const entry of page.outbox.entries.values()) if (page.app.isShown(entry)) showOutboxEntry(page, entry);
  drawQueue(page);
}

/** Show a message that is not sent yet where it will be; those that wait for an answer are listed below it. */
export function showOutboxEntry({ current }, entry) {
  if (entry.state !== 'waiting') current.putOutboxEntry(entry);
  else if (current.messages.has(entry.id) && !current.messages.get(entry.id).seq) current.remove(entry.id);
}
