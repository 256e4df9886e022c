import { Brief } from './brief/brief.js';
import { openBrief } from './brief/dialog.js';
import { BranchNote } from './builder/branch-note.js';
import { ByHand } from './builder/by-hand.js';
import { chatChanges } from './builder/chat-changes.js';
import { ChatHeader } from './builder/chat-header.js';
import { showChatList } from './builder/chat-list.js';
import { Chats } from './builder/chats.js';
import { Composer } from './builder/composer.js';
import { ConversationView } from './builder/conversation-view.js';
import { Conversation } from './builder/conversation.js';
import { FindInChat } from './builder/find-in-chat.js';
import { loosePageActions } from './builder/loose-pages.js';
import { messageActions } from './builder/message-actions.js';
import { navigationActions, openFirstChat } from './builder/navigation.js';
import { PageList } from './builder/page-list.js';
import { Panes } from './builder/panes.js';
import { watchPreviewMenu } from './builder/preview-menu.js';
import { Preview } from './builder/preview.js';
import { QueueView } from './builder/queue-view.js';
import { ReadMarks } from './builder/read-marks.js';
import { SearchEverywhere } from './builder/search-everywhere.js';
import { showSelectionBar } from './builder/selection-bar.js';
import { Selection } from './builder/selection.js';
import { watchShortcuts } from './builder/shortcuts.js';
import { watchSidebar } from './builder/sidebar.js';
import { Splitter } from './builder/splitter.js';
import { standingVersion } from './builder/standing-version.js';
import { startSync } from './builder/sync.js';
import { Versions } from './builder/versions.js';
import { Welcome } from './builder/welcome.js';
import { OwnerComments } from './comments/owner-comments.js';
import { watchInbox } from './inbox/button.js';
import { tabs } from './net/tabs.js';
import { PublishButton } from './publishing/publish-button.js';
import { watchDrops } from './pictures/drops.js';
import { openGallery } from './pictures/gallery.js';
import { Pictures } from './pictures/uploads.js';
import { Outbox } from './outbox/outbox.js';
import { Store } from './outbox/store.js';
import { find, readPageData } from './ui/dom.js';
import { toastError } from './ui/toasts.js';

const { website, helpers, chatId, userId, answerErrors, previewOrigin } = readPageData('builder-data');
const outbox = new Outbox({ userId, store: new Store(), tabs });

/** The components of the page, and the open conversation. */
const page = { website, helpers, outbox, current: new Conversation({ websiteId: website.id, helper: helpers[0].name }) };

/** What the components may call. */
const app = {
  websiteId: website.id,
  websiteName: website.name,
  answerErrors,
  brief: new Brief(website.id),
  newChatUrl: `/websites/${website.id}`,
  get currentId() {
    return page.current.id;
  },
  get helper() {
    return page.current.helper;
  },
  get pictures() {
    return page.pictures;
  },
  get hasPage() {
    return !page.preview.isEmpty;
  },
  get shownVersionId() {
    return page.versions.shownId;
  },
  get unsentChats() {
    return [...outbox.entries.values()].filter((entry) => entry.websiteId === website.id && !entry.sessionId);
  },
  isShown: (entry) => (entry.sessionId ? entry.sessionId === page.current.id : entry.id === page.current.firstMessageId),
  helperNamed: (name) => helpers.find((helper) => helper.name === name) ?? helpers[0],
  chatUrl: (id) => `/websites/${website.id}/chats/${id}`,
  version: (id) => page.versions.find(id),
  questionOf: (answer) => page.current.messages.get(answer.reply_to),
  /** Open the chat of a version at the message that made it. */
  async showInChat({ session_id: id, message_id: messageId }) {
    page.panes.show('chat');
    if (id === page.current.id) await app.reveal(messageId);
    else await app.openChat(id, { messageId });
  },
  viewVersion(id) {
    page.versions.show(id, { isAsked: true });
    page.panes.show('preview');
  },
  /** The files of a version, read once. */
  filesOf: (id) => page.versions.filesOf(id),
  compareVersion: (id) => page.versions.compareWithBase(id),
  showBuilding(written) {
    if (written !== null) page.byHand.leaveEditMode();
    page.preview.showBuilding(written);
  },
  reveal: (id) => page.view.reveal(id).catch(toastError),
  showError: toastError,
  editLastQuestion: () => page.view.editLastQuestion(),
  findInChat(words) {
    page.panes.closeHistory();
    page.panes.show('chat');
    page.finder.open(words);
  },
};
page.app = Object.assign(app, messageActions(page), loosePageActions(page), navigationActions(page), chatChanges(page));

page.chats = new Chats(website.id);
const versionsOfPreview = { find: (id) => page.versions.find(id), olderThan: (id) => page.versions.olderThan(id), show: (id) => page.versions.show(id), pageChanged: () => page.versions.pageChanged() };
page.preview = new Preview(website.id, versionsOfPreview, { previewOrigin });
page.versions = new Versions(website.id, page.preview, {
  standing: (rows, before) => (page.current.isLoading ? (before ?? rows[0]?.id ?? null) : standingVersion(page.current, rows)),
  whenIdle: app.whenIdle,
  showInChat: app.showInChat,
});
new PageList(page);
page.pictures = new Pictures(website.id, page.versions);
page.panes = new Panes();
new Splitter();
page.view = new ConversationView(app);
page.queue = new QueueView(app);
page.composer = new Composer(app);
page.byHand = new ByHand(page, previewOrigin);
page.publishing = new PublishButton(page, previewOrigin);
page.comments = new OwnerComments(page, previewOrigin);
page.welcome = new Welcome(app, helpers);
page.header = new ChatHeader(app);
page.branchNote = new BranchNote(app, page.chats);
page.finder = new FindInChat(app);
page.selection = new Selection(page.chats);
page.chatList = showChatList(page.chats, page.selection, app);
page.readMarks = new ReadMarks({ current: () => page.current, onRead: ({ id, last_read_seq, is_unread }) => page.chats.put({ id, last_read_seq, is_unread }) });
showSelectionBar(page.selection, app);
new SearchEverywhere(app);

find('#brief').addEventListener('click', () => openBrief(app.brief));
for (const button of [find('#figures'), find('#figures-narrow')]) {
  button.addEventListener('click', () => import('./figures/dialog.js').then(({ openFigures }) => openFigures(website.id), toastError));
}
page.preview.onPage = () => page.welcome.pageChanged();
watchDrops((files) => {
  page.panes.show('chat');
  page.composer.addPictures(files);
});
find('#pictures').addEventListener('click', () => openGallery(page.pictures, {
  use(asset, words) {
    page.panes.show('chat');
    page.composer.askAboutPicture(asset, words);
  },
}));
watchInbox(website.id);
watchPreviewMenu();
watchSidebar(page);
watchShortcuts(page);
startSync(page);
openFirstChat(page, chatId);
