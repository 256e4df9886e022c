import { toastError } from '../ui/toasts.js';
import { closeDeletedChat, joinRunningAnswer, openChat, openNewChat, showOutboxEntry } from './navigation.js';
import { drawQueue } from './render.js';
import { watchForChanges } from './other-tabs.js';
import { followSentMessage, joinStream } from './streaming.js';

/** Keep the page in sync with the outbox, the address, other tabs and other devices. */
export function startSync(page) {
  watchOutbox(page);
  addEventListener('popstate', () => {
    const id = /\/chats\/([^/]+)$/.exec(location.pathname)?.[1];
    if (id) openChat(page, id);
    else openNewChat(page, { replace: true });
  });
  addEventListener('focus', () => poll(page));
  for (const type of ['online', 'offline']) addEventListener(type, () => page.view.draw(true));
  page.versions.addEventListener('change', () => {
    page.view.draw(true);
    page.welcome.pageChanged();
  });
  page.chats.addEventListener('problem', ({ detail }) => toastError(detail));
  watchForChanges(page.website.id, () => refresh(page));
  setInterval(() => page.chats.hasRunning && poll(page), 4_000);
  setInterval(() => poll(page), 15_000);
}

/** Read chats, versions and the open conversation again. */
export async function refresh(page) {
  const { chats, versions, current: conversation } = page;
  chats.load();
  versions.load().catch(() => {});
  if (!conversation.id || conversation.stream) return;
  try {
    await conversation.load();
    joinRunningAnswer(page, conversation);
  } catch (error) {
    if (error.code === 'not_found' && conversation === page.current) closeDeletedChat(page, conversation.id);
  }
}

/** Poll the list of chats while the tab is visible; refresh when the open chat has new messages. */
async function poll(page) {
  if (document.hidden) return;
  await page.chats.load();
  const { chat, id: shownId, stream } = page.current;
  const row = page.chats.rows.find(({ id }) => id === shownId);
  const isNew = row && chat?.last_seq !== undefined && (row.last_seq > chat.last_seq || row.running_answer_id);
  if (isNew && !stream) refresh(page);
}

/** Show the outbox's entries, and follow the answer once the server has a message. */
function watchOutbox(page) {
  const { outbox, app } = page;
  const listen = (type, run) => outbox.addEventListener(type, ({ detail }) => {
    run(detail);
    drawQueue(page);
    if (!detail.entry?.sessionId) page.chatList.draw();
  });
  listen('change', ({ entry }) => {
    if (!app.isShown(entry)) return;
    showOutboxEntry(page, entry);
    if (entry.answerId) joinStream(page.current, entry.answerId);
  });
  listen('gone', ({ id }) => page.current.messages.has(id) && page.current.remove(id));
  listen('sent', (sent) => {
    if (app.isShown(sent.entry)) followSentMessage(page.current, sent);
    else page.chats.load();
  });
}
