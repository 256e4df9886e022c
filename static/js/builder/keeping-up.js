import { toastError } from '../ui/toasts.js';
import { join, received } from './live.js';
import { forget, joinRunning, newChat, openChat } from './opening.js';
import { watchElsewhere } from './other-tabs.js';

/** Keep the page true: to the outbox, to the address, to other tabs and other devices. */
export function keepUp(page) {
  watchOutbox(page);
  addEventListener('popstate', () => {
    const id = /\/chats\/([^/]+)$/.exec(location.pathname)?.[1];
    if (id) openChat(page, id);
    else newChat(page, { replace: true });
  });
  addEventListener('focus', () => poll(page));
  for (const type of ['online', 'offline']) addEventListener(type, () => page.view.draw(true));
  page.versions.addEventListener('change', () => {
    page.view.draw(true);
    page.welcome.pageChanged();
  });
  page.chats.addEventListener('problem', ({ detail }) => toastError(detail));
  watchElsewhere(page.website.id, () => refresh(page));
  setInterval(() => page.chats.hasRunning && poll(page), 4_000);
  setInterval(() => poll(page), 15_000);
}

/** Look what happened in other tabs and on other devices. */
export async function refresh(page) {
  const { chats, versions, current: conversation } = page;
  chats.load();
  versions.load({ showLatest: versions.shownId === versions.rows[0]?.id }).catch(() => {});
  if (!conversation.id || conversation.live) return;
  try {
    await conversation.load();
    joinRunning(page, conversation);
  } catch (error) {
    if (error.code === 'not_found' && conversation === page.current) forget(page, conversation.id);
  }
}

/** Poll the list of chats while somebody looks; what is new in the open chat is read too. */
async function poll(page) {
  if (document.hidden) return;
  await page.chats.load();
  const { session, id: shownId, live } = page.current;
  const row = page.chats.rows.find(({ id }) => id === shownId);
  const isNew = row && session?.last_seq !== undefined && (row.last_seq > session.last_seq || row.running_answer_id);
  if (isNew && !live) refresh(page);
}

/** Keep what waits to be sent in view, and follow the answer once the server has it. */
function watchOutbox(page) {
  const { outbox, app } = page;
  const listen = (type, run) => outbox.addEventListener(type, ({ detail }) => {
    run(detail);
    if (!detail.entry?.sessionId) page.chatList.draw();
  });
  listen('change', ({ entry }) => {
    if (!app.shows(entry)) return;
    page.current.putWaiting(entry);
    if (entry.answerId) join(page.current, entry.answerId);
  });
  listen('gone', ({ id }) => page.current.messages.has(id) && page.current.remove(id));
  listen('sent', (news) => {
    if (app.shows(news.entry)) received(page.current, news);
    else page.chats.load();
  });
}
