import { embedded } from './ui/dom.js';
import { toastError } from './ui/toasts.js';
import { tabs } from './net/this-browser.js';
import { Outbox } from './outbox/outbox.js';
import { Store } from './outbox/store.js';
import { asking } from './builder/asking.js';
import { BranchNote } from './builder/branch-note.js';
import { chatChanges } from './builder/chat-changes.js';
import { ChatHeader } from './builder/chat-header.js';
import { showChatList } from './builder/chat-list.js';
import { Chats } from './builder/chats.js';
import { Composer } from './builder/composer.js';
import { Conversation } from './builder/conversation.js';
import { ConversationView } from './builder/conversation-view.js';
import { FindInChat } from './builder/find-in-chat.js';
import { keepUp } from './builder/keeping-up.js';
import { chatOpening, openFirstChat } from './builder/opening.js';
import { Panes } from './builder/panes.js';
import { Preview } from './builder/preview.js';
import { ReadMarks } from './builder/read-marks.js';
import { SearchEverywhere } from './builder/search-everywhere.js';
import { Selection } from './builder/selection.js';
import { showSelectionBar } from './builder/selection-bar.js';
import { watchSidebar } from './builder/sidebar.js';
import { Versions } from './builder/versions.js';
import { Welcome } from './builder/welcome.js';

const { website, helpers, sessionId, userId } = embedded('builder-data');
const outbox = new Outbox({ userId, store: new Store(), tabs });

/** The parts of the page, and the conversation it shows. */
const page = { website, helpers, outbox, current: new Conversation({ websiteId: website.id, helper: helpers[0].name }) };

/** What the parts may ask of the whole. */
const app = {
  websiteId: website.id,
  websiteName: website.name,
  newChatUrl: `/websites/${website.id}`,
  get currentId() {
    return page.current.id;
  },
  get helper() {
    return page.current.helper;
  },
  get shownVersionId() {
    return page.versions.shownId;
  },
  get waitingChats() {
    return [...outbox.entries.values()].filter((entry) => entry.websiteId === website.id && !entry.sessionId);
  },
  shows: (entry) => (entry.sessionId ? entry.sessionId === page.current.id : entry.id === page.current.firstMessageId),
  helperNamed: (name) => helpers.find((helper) => helper.name === name) ?? helpers[0],
  chatUrl: (id) => `/websites/${website.id}/chats/${id}`,
  version: (id) => page.versions.find(id),
  viewVersion(id) {
    page.versions.show(id);
    page.panes.show('preview');
  },
  building: (html) => page.preview.building(html),
  reveal: (id) => page.view.reveal(id).catch(toastError),
  problem: toastError,
};
page.app = Object.assign(app, asking(page), chatOpening(page), chatChanges(page));

page.chats = new Chats(website.id);
page.preview = new Preview();
page.versions = new Versions(website.id, page.preview);
page.panes = new Panes();
page.view = new ConversationView(app);
page.composer = new Composer(app);
page.welcome = new Welcome(app, helpers);
page.header = new ChatHeader(app);
page.branchNote = new BranchNote(app, page.chats);
page.finder = new FindInChat(app);
page.selection = new Selection(page.chats);
page.chatList = showChatList(page.chats, page.selection, app);
page.readMarks = new ReadMarks({ current: () => page.current, onRead: ({ id, last_read_seq, is_unread }) => page.chats.put({ id, last_read_seq, is_unread }) });
showSelectionBar(page.selection, app);
new SearchEverywhere(app);

watchSidebar(page);
keepUp(page);
openFirstChat(page, sessionId);
