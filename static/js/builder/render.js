import { plainText } from '../text/page-blocks.js';
import { announce } from '../ui/announce.js';
import { find } from '../ui/dom.js';
import { toastError } from '../ui/toasts.js';
import { lastChat } from './local-storage.js';
import { changedPage } from './site-pages.js';
import { tellOtherTabs } from './other-tabs.js';

/** Show a conversation in place of the current one, and render its events while it is the current one. */
export function showConversation(page, conversation) {
  page.current.close();
  page.current = conversation;
  const listen = (type, run) => conversation.addEventListener(type, (event) => conversation === page.current && run(page, event.detail ?? {}));
  listen('messages', drawConversation);
  listen('text', (_page, { id }) => page.view.updateText(id));
  listen('chat', chatUpdated);
  listen('created', chatCreated);
  listen('problem', (_page, error) => toastError(error));
  listen('started', answerStarted);
  listen('changes', turnToChanges);
  listen('version', versionMade);
  listen('ended', answerEnded);
  listen('connection', (_page, isUp) => showConnection(conversation, isUp === true));
  conversation.addEventListener('ended', () => {
    page.chats.load();
    page.outbox.answerEnded();
  });
  find('#connection-note').hidden = true;
  page.finder.close();
  page.preview.stopBuilding();
  page.view.show(conversation);
  page.versions.conversationChanged();
  showChat(page);
  page.composer.open(page.website.id, conversation.id);
  page.composer.setBusy({});
  drawQueue(page);
}

/** Draw the messages, and the composer and the welcome text, which depend on them. */
export function drawConversation(page) {
  const { current, view, composer, welcome } = page;
  view.draw();
  page.versions.conversationChanged();
  const running = current.runningAnswer;
  composer.setBusy({ isRunning: running !== null, isStopping: running?.isStopping, isWaiting: current.unsent !== null && !current.id });
  if (current.messages.size) welcome.hide();
  else welcome.show(current.helper, { canChoose: !current.chat });
  find('#conversation').setAttribute('aria-busy', String(running !== null));
}

/** Draw the messages of the chat that wait for its answer to end. */
export function drawQueue({ queue, view, outbox, current }) {
  queue.draw(current.id ? outbox.waitingIn(current.id) : []);
  view.draw();
}

function showChat({ header, branchNote, current }) {
  header.show(current);
  branchNote.show(current.chat);
}

function chatUpdated(page) {
  showChat(page);
  page.chats.put(page.current.chat);
  page.readMarks.markRead(page.current);
}

function chatCreated(page) {
  const { website, current } = page;
  lastChat.save(website.id, current.id);
  page.composer.moveTo(website.id, current.id);
  history.pushState(null, '', page.app.chatUrl(current.id));
  showChat(page);
  page.chats.load();
}

function answerStarted(page, { id }) {
  const { current } = page;
  announce(`${page.app.helperNamed(current.helper).label} is writing.`);
  const question = current.path.findLast((message) => message.role === 'user');
  const changes = { running_answer_id: id, last_message_preview: question?.content.slice(0, 140), last_message_at: new Date().toISOString() };
  page.chats.put({ ...current.chat, ...changes }, { toTop: true });
  tellOtherTabs(page.website.id);
}

/** Have the preview show the page that an answer made, or one that it changed. */
function turnToChanges({ preview }, { places }) {
  preview.turnTo(changedPage(places, preview.path));
}

async function versionMade({ panes, versions }, { id, number }) {
  if (versions.find(id)) return announce(`The page is as it was: version ${number}.`);
  announce(`Version ${number} of the page is in the preview.`);
  panes.markPreviewChanged();
  await versions.load().catch(toastError);
}

function answerEnded(page, { id }) {
  page.preview.stopBuilding();
  page.view.draw(true);
  const answer = page.current.messages.get(id);
  if (answer) announce(`Answer ${answer.status}. ${plainText(answer.content).slice(0, 1500)}`);
}

function showConnection(conversation, isUp) {
  const note = find('#connection-note');
  note.hidden = isUp;
  const isSending = conversation.unsent || conversation.stream?.messageId === null;
  note.textContent = isSending ? 'Not sent yet; trying again…' : 'Connection lost. The answer goes on being written; reconnecting…';
}
