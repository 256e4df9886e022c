import { spokenText } from './text/page-blocks.js';
import { announce } from './ui/announce.js';
import { embedded, find } from './ui/dom.js';
import { toast, toastError } from './ui/toasts.js';
import { request } from './net/api.js';
import { tabs } from './net/this-browser.js';
import { uuid } from './net/uuid.js';
import { Outbox } from './outbox/outbox.js';
import { Store } from './outbox/store.js';
import { BranchNote } from './builder/branch-note.js';
import { ChatHeader } from './builder/chat-header.js';
import { showChatList } from './builder/chat-list.js';
import { Chats } from './builder/chats.js';
import { Composer } from './builder/composer.js';
import { Conversation } from './builder/conversation.js';
import { ConversationView } from './builder/conversation-view.js';
import { FindInChat } from './builder/find-in-chat.js';
import { importChat } from './builder/import-dialog.js';
import { join, received, resume, retry, stop } from './builder/live.js';
import { drafts, lastChat } from './builder/memory.js';
import { tellOtherTabs, watchElsewhere } from './builder/other-tabs.js';
import { Panes } from './builder/panes.js';
import { Preview } from './builder/preview.js';
import { ReadMarks } from './builder/read-marks.js';
import { SearchEverywhere } from './builder/search-everywhere.js';
import { Selection } from './builder/selection.js';
import { showSelectionBar } from './builder/selection-bar.js';
import { openTrash } from './builder/trash-dialog.js';
import { Versions } from './builder/versions.js';
import { Welcome } from './builder/welcome.js';

const { website, personas, sessionId, userId } = embedded('builder-data');
const outbox = new Outbox({ userId, store: new Store(), tabs });
let current = new Conversation({ websiteId: website.id, helper: personas[0].name });

/** What the parts of the page may ask of the whole. */
const app = {
  websiteId: website.id,
  websiteName: website.name,
  newChatUrl: `/websites/${website.id}`,
  get currentId() {
    return current.id;
  },
  get helper() {
    return current.helper;
  },
  get shownVersionId() {
    return versions.shownId;
  },
  get waitingChats() {
    return [...outbox.entries.values()].filter((entry) => entry.websiteId === website.id && !entry.sessionId);
  },
  persona: (name) => personas.find((persona) => persona.name === name) ?? personas[0],
  chatUrl: (id) => `/websites/${website.id}/chats/${id}`,
  version: (id) => versions.find(id),
  viewVersion(id) {
    versions.show(id);
    panes.show('preview');
  },
  building: (html) => preview.building(html),
  reveal: (id) => view.reveal(id).catch(toastError),
  problem: toastError,
  /** Resolves once the message is written down in this browser. */
  send(text, { edits = null } = {}) {
    const id = uuid();
    const after = edits ? null : view.answerToGoOnFrom();
    welcome.hide();
    view.scrollToEnd();
    if (!current.id) current.firstMessageId = id;
    return outbox.add({ id, websiteId: website.id, sessionId: current.id, helper: current.helper, text, edits, after });
  },
  sendAgain: (question) => outbox.retry(question.id),
  async takeBack(question) {
    if (await outbox.withdraw(question.id)) composer.takeBack(question.content);
    else toast('It is on its way already.');
  },
  stop() {
    composer.takeFocus();
    return stop(current).catch(toastError);
  },
  retry: (answer) => app.whenIdle(() => {
    composer.takeFocus();
    return retry(current, answer);
  }),
  resume: (answer) => app.whenIdle(() => {
    // The button that was pressed goes away.
    composer.takeFocus();
    return resume(current, answer);
  }),
  whenIdle(run) {
    if (current.runningAnswer) toast('An answer is being written. Wait for it or stop it first.', { tone: 'problem' });
    else if (current.waiting) toast('Your last message is not sent yet. Wait until it is.', { tone: 'problem' });
    else run();
  },
  async branch(message) {
    try {
      const { session } = await request('POST', `/api/chat/messages/${message.id}/branch`, {});
      chats.put(session, { toTop: true });
      await app.openChat(session.id);
      tellOtherTabs(website.id, session.id);
    } catch (error) {
      toastError(error);
    }
  },
  chooseHelper(name) {
    current.helper = name;
    header.show(current);
    welcome.show(name, { canChoose: true });
  },
  async openChat(id, { messageId = null } = {}) {
    history.pushState(null, '', app.chatUrl(id));
    panes.closeHistory();
    await openChat(id);
    if (messageId && current.id === id) await app.reveal(messageId);
  },
  shows: (entry) => (entry.sessionId ? entry.sessionId === current.id : entry.id === current.firstMessageId),
  openWaiting(entry) {
    panes.closeHistory();
    newChat({ entry });
  },
  chatRenamed(session) {
    chats.put(session);
    tellOtherTabs(website.id, session.id);
    if (session.id !== current.id) return;
    current.session = { ...current.session, title: session.title };
    header.show(current);
  },
  chatChanged(session) {
    if (session.id === current.id) refresh();
    else chats.load();
    tellOtherTabs(website.id, session.id);
  },
  async chatRestored(session) {
    if (session.id === current.id) await refresh();
    else await app.openChat(session.id);
    chats.load();
    tellOtherTabs(website.id, session.id);
  },
  /** A chat was pinned, tagged or archived. */
  chatPut(session) {
    chats.put(session);
    chats.load();
    tellOtherTabs(website.id, session.id);
    if (session.id === current.id) current.session = { ...current.session, ...session };
  },
  /** Several were. */
  chatsChanged() {
    refresh();
    tellOtherTabs(website.id, null);
  },
  chatsDeleted(rows) {
    chats.remove(...rows.map((row) => row.id));
    for (const { id } of rows) forget(id);
  },
  chatDeleted(session) {
    chats.remove(session.id);
    forget(session.id);
    tellOtherTabs(website.id, session.id);
  },
};

const chats = new Chats(website.id);
const preview = new Preview();
const versions = new Versions(website.id, preview);
const panes = new Panes();
const view = new ConversationView(app);
const composer = new Composer(app);
const welcome = new Welcome(app, personas);
const header = new ChatHeader(app);
const branchNote = new BranchNote(app, chats);
const finder = new FindInChat(app);
const selection = new Selection(chats);
const chatList = showChatList(chats, selection, app);
showSelectionBar(selection, app);
new SearchEverywhere(app);
chats.addEventListener('problem', ({ detail }) => toastError(detail));
const readMarks = new ReadMarks({ current: () => current, onRead: ({ id, last_read_seq, is_unread }) => chats.put({ id, last_read_seq, is_unread }) });

/** Make a conversation the one on the page, listening to it until another takes its place. */
function bind(conversation) {
  current.close();
  current = conversation;
  const listen = (type, run) => conversation.addEventListener(type, (event) => conversation === current && run(event.detail ?? {}));
  listen('messages', drawMessages);
  listen('text', ({ id }) => view.grow(id));
  listen('session', sessionChanged);
  listen('created', chatCreated);
  listen('problem', toastError);
  listen('started', answerStarted);
  listen('version', versionMade);
  listen('settled', answerSettled);
  listen('connection', (isUp) => {
    find('#connection-note').hidden = isUp === true;
    const isAsking = current.waiting || current.live?.messageId === null;
    find('#connection-note').textContent = isAsking ? 'Not sent yet; trying again…' : 'Connection lost. The answer goes on being written; reconnecting…';
  });
  conversation.addEventListener('settled', () => chats.load());
  find('#connection-note').hidden = true;
  finder.close();
  preview.building(null);
  view.show(conversation);
  showSession();
  composer.open(website.id, conversation.id);
  composer.setBusy({});
}

function showSession() {
  header.show(current);
  branchNote.show(current.session);
}

function drawMessages() {
  view.draw();
  const running = current.runningAnswer;
  composer.setBusy({ isRunning: running !== null, isStopping: running?.isStopping, isWaiting: current.waiting !== null });
  if (current.messages.size) welcome.hide();
  else welcome.show(current.helper, { canChoose: !current.session });
  find('#conversation').setAttribute('aria-busy', String(running !== null));
}

function sessionChanged() {
  showSession();
  chats.put(current.session);
  readMarks.saw(current);
}

function chatCreated() {
  lastChat.save(website.id, current.id);
  composer.moveTo(website.id, current.id);
  history.pushState(null, '', app.chatUrl(current.id));
  showSession();
  chats.load();
}

function answerStarted({ id }) {
  announce(`${app.persona(current.helper).label} is writing.`);
  const question = current.path.findLast((message) => message.role === 'user');
  const news = { running_answer_id: id, last_message_preview: question?.content.slice(0, 140), last_message_at: new Date().toISOString() };
  chats.put({ ...current.session, ...news }, { toTop: true });
  tellOtherTabs(website.id, current.id);
}

async function versionMade({ id, number }) {
  announce(`Version ${number} of the page is in the preview.`);
  panes.tellPreviewChanged();
  versions.shownId = id;
  preview.show(id);
  await versions.load().catch(toastError);
}

function answerSettled({ id }) {
  preview.building(null);
  view.draw(true);
  const answer = current.messages.get(id);
  if (answer) announce(`Answer ${answer.status}. ${spokenText(answer.content).slice(0, 1500)}`);
}

/** Keep what waits to be sent in view, and follow the answer once the server has it. */
function watchOutbox() {
  const listen = (type, run) => outbox.addEventListener(type, ({ detail }) => {
    run(detail);
    if (!detail.entry?.sessionId) chatList.draw();
  });
  listen('change', ({ entry }) => {
    if (!app.shows(entry)) return;
    current.putWaiting(entry);
    if (entry.answerId) join(current, entry.answerId);
  });
  listen('gone', ({ id }) => current.messages.has(id) && current.remove(id));
  listen('sent', (news) => {
    if (app.shows(news.entry)) received(current, news);
    else chats.load();
  });
}

function showWaiting() {
  for (const entry of outbox.entries.values()) if (app.shows(entry)) current.putWaiting(entry);
}

/** Show a saved chat, following its answer if one is being written; one that is gone leads to a new chat. */
async function openChat(id) {
  const session = chats.rows.find((row) => row.id === id) ?? { id, title: '', helper: current.helper };
  const conversation = new Conversation({ websiteId: website.id, session });
  bind(conversation);
  welcome.hide();
  find('#loading').hidden = false;
  chatList.draw();
  try {
    await conversation.load();
    lastChat.save(website.id, id);
    if (conversation === current) showWaiting();
    joinRunning(conversation);
  } catch (error) {
    if (conversation !== current) return;
    if (error.code === 'not_found') forget(id);
    toastError(error);
  } finally {
    if (conversation === current) find('#loading').hidden = true;
  }
}

/** A chat is gone: nothing is left of it here either, and another one is shown in its place. */
function forget(id) {
  drafts.save(website.id, id, '');
  if (id === current.id || id === lastChat.get(website.id)) lastChat.clear(website.id);
  if (id === current.id) newChat({ replace: true });
}

function joinRunning(conversation) {
  const id = conversation.session.running_answer_id ?? conversation.runningAnswer?.id;
  if (id && conversation === current) join(conversation, id);
}

function newChat({ replace = false, helper = personas[0].name, entry = null } = {}) {
  history[replace ? 'replaceState' : 'pushState'](null, '', app.newChatUrl);
  bind(new Conversation({ websiteId: website.id, helper: entry?.helper ?? helper }));
  find('#loading').hidden = true;
  if (entry) current.firstMessageId = entry.id;
  showWaiting();
  drawMessages();
  chatList.draw();
  composer.focus();
}

/** Look what happened in other tabs and on other devices. */
async function refresh() {
  chats.load();
  versions.load({ showLatest: versions.shownId === versions.rows[0]?.id }).catch(() => {});
  const conversation = current;
  if (!conversation.id || conversation.live) return;
  try {
    await conversation.load();
    joinRunning(conversation);
  } catch (error) {
    if (error.code === 'not_found' && conversation === current) forget(conversation.id);
  }
}

/** Poll the list of chats while somebody looks; what is new in the open chat is read too. */
async function poll() {
  if (document.hidden) return;
  await chats.load();
  const row = chats.rows.find(({ id }) => id === current.id);
  const isNew = row && current.session?.last_seq !== undefined && (row.last_seq > current.session.last_seq || row.running_answer_id);
  if (isNew && !current.live) refresh();
}

function watchPage() {
  find('#new-chat').addEventListener('click', () => {
    lastChat.clear(website.id);
    panes.closeHistory();
    newChat();
  });
  find('#import-chat').addEventListener('click', async () => {
    const session = await importChat(website.id);
    if (!session) return;
    toast(`“${session.title}” imported`);
    app.chatRestored(session);
  });
  find('#trash').addEventListener('click', async () => {
    const session = await openTrash();
    // A chat that a program made may be of no website.
    if (session && !session.website_id) toast('Restored');
    else if (session && session.website_id !== website.id) location.assign(`/websites/${session.website_id}/chats/${session.id}`);
    else if (session) app.chatRestored(session);
  });
  addEventListener('popstate', () => {
    const id = /\/chats\/([^/]+)$/.exec(location.pathname)?.[1];
    if (id) openChat(id);
    else newChat({ replace: true });
  });
  addEventListener('keydown', (event) => {
    if (event.key === 'k' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      find('#chat-filter').focus();
    }
  });
  addEventListener('focus', poll);
  for (const type of ['online', 'offline']) addEventListener(type, () => view.draw(true));
  versions.addEventListener('change', () => {
    view.draw(true);
    welcome.pageChanged();
  });
  watchElsewhere(website.id, refresh);
  setInterval(() => chats.hasRunning && poll(), 4_000);
  setInterval(poll, 15_000);
}

/** Open the chat in the address, else one that is not sent yet, else the one this website was left in, else the latest. */
async function start() {
  watchPage();
  watchOutbox();
  versions.load().catch(toastError);
  const loaded = chats.load();
  await outbox.start();
  const entry = sessionId ? null : app.waitingChats.at(-1);
  if (entry) return newChat({ replace: true, entry });
  let id = sessionId ?? lastChat.get(website.id);
  if (!id && !lastChat.startedFresh(website.id)) {
    await loaded;
    id = chats.rows[0]?.id;
  }
  if (!id) return newChat({ replace: true });
  const messageId = location.hash.slice(1);
  if (id !== sessionId || messageId) history.replaceState(null, '', app.chatUrl(id));
  await openChat(id);
  if (messageId && id === current.id) await app.reveal(messageId);
}

start();
