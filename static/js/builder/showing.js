import { spokenText } from '../text/page-blocks.js';
import { announce } from '../ui/announce.js';
import { find } from '../ui/dom.js';
import { toastError } from '../ui/toasts.js';
import { lastChat } from './memory.js';
import { tellOtherTabs } from './other-tabs.js';

/** Make a conversation the one on the page, listening to it until another takes its place. */
export function showConversation(page, conversation) {
  page.current.close();
  page.current = conversation;
  const listen = (type, run) => conversation.addEventListener(type, (event) => conversation === page.current && run(page, event.detail ?? {}));
  listen('messages', drawConversation);
  listen('text', (_page, { id }) => page.view.grow(id));
  listen('session', sessionChanged);
  listen('created', chatCreated);
  listen('problem', (_page, error) => toastError(error));
  listen('started', answerStarted);
  listen('version', versionMade);
  listen('settled', answerSettled);
  listen('connection', (_page, isUp) => noteConnection(conversation, isUp === true));
  conversation.addEventListener('settled', () => page.chats.load());
  find('#connection-note').hidden = true;
  page.finder.close();
  page.preview.building(null);
  page.view.show(conversation);
  showSession(page);
  page.composer.open(page.website.id, conversation.id);
  page.composer.setBusy({});
}

/** Draw the messages, and what follows from them: whether one can send, and whether there is a welcome. */
export function drawConversation(page) {
  const { current, view, composer, welcome } = page;
  view.draw();
  const running = current.runningAnswer;
  composer.setBusy({ isRunning: running !== null, isStopping: running?.isStopping, isWaiting: current.waiting !== null });
  if (current.messages.size) welcome.hide();
  else welcome.show(current.helper, { canChoose: !current.session });
  find('#conversation').setAttribute('aria-busy', String(running !== null));
}

function showSession({ header, branchNote, current }) {
  header.show(current);
  branchNote.show(current.session);
}

function sessionChanged(page) {
  showSession(page);
  page.chats.put(page.current.session);
  page.readMarks.saw(page.current);
}

function chatCreated(page) {
  const { website, current } = page;
  lastChat.save(website.id, current.id);
  page.composer.moveTo(website.id, current.id);
  history.pushState(null, '', page.app.chatUrl(current.id));
  showSession(page);
  page.chats.load();
}

function answerStarted(page, { id }) {
  const { current } = page;
  announce(`${page.app.helperNamed(current.helper).label} is writing.`);
  const question = current.path.findLast((message) => message.role === 'user');
  const news = { running_answer_id: id, last_message_preview: question?.content.slice(0, 140), last_message_at: new Date().toISOString() };
  page.chats.put({ ...current.session, ...news }, { toTop: true });
  tellOtherTabs(page.website.id, current.id);
}

async function versionMade({ panes, versions, preview }, { id, number }) {
  announce(`Version ${number} of the page is in the preview.`);
  panes.tellPreviewChanged();
  versions.shownId = id;
  preview.show(id);
  await versions.load().catch(toastError);
}

function answerSettled(page, { id }) {
  page.preview.building(null);
  page.view.draw(true);
  const answer = page.current.messages.get(id);
  if (answer) announce(`Answer ${answer.status}. ${spokenText(answer.content).slice(0, 1500)}`);
}

function noteConnection(conversation, isUp) {
  const note = find('#connection-note');
  note.hidden = isUp;
  const isAsking = conversation.waiting || conversation.live?.messageId === null;
  note.textContent = isAsking ? 'Not sent yet; trying again…' : 'Connection lost. The answer goes on being written; reconnecting…';
}
