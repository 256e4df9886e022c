import { request } from '../net/api.js';
import { askForText, confirmAction } from '../ui/dialogs.js';
import { h } from '../ui/dom.js';
import { toast, toastError, toastWithUndo } from '../ui/toasts.js';
import { restoreFromTrash, updateChat } from './chat-requests.js';
import { shareChat } from './share-dialog.js';

/** The menu of one chat, the same in the sidebar and above the conversation. */
export function chatMenu(chat, app, startRename) {
  const exportUrl = (format) => `/api/chat/sessions/${chat.id}/export?format=${format}`;
  return [
    { icon: 'pencil', label: 'Rename', run: startRename },
    { icon: 'pin', label: chat.pinned_at ? 'Unpin' : 'Pin', run: () => changeChat(chat, { pinned: !chat.pinned_at }, app) },
    { icon: 'tag', label: 'Tags…', run: () => changeTags(chat, app) },
    { icon: 'archive', label: chat.archived_at ? 'Unarchive' : 'Archive', run: () => archiveChat(chat, app) },
    { icon: 'share', label: 'Share…', run: () => shareChat(chat) },
    { icon: 'download', label: 'Export as Markdown', href: exportUrl('markdown'), download: true },
    { icon: 'download', label: 'Export as JSON', href: exportUrl('json'), download: true },
    { icon: 'clear', label: 'Clear messages', run: () => clearChat(chat, app) },
    { icon: 'trash', label: 'Delete…', danger: true, run: () => deleteChat(chat, app) },
  ];
}

async function changeChat(chat, changes, app) {
  try {
    app.chatUpdated((await updateChat(chat.id, changes)).session);
  } catch (error) {
    toastError(error);
  }
}

async function changeTags(chat, app) {
  const words = await askForText({ title: 'Tags of this chat', label: 'Tags, with commas between them', value: (chat.tags ?? []).join(', '), action: 'Save', limit: 420, isOptional: true });
  if (words === null) return;
  const tags = [...new Set(words.split(',').map((tag) => tag.trim()).filter(Boolean))];
  await changeChat(chat, { tags }, app);
}

async function archiveChat(chat, app) {
  const isArchived = !chat.archived_at;
  await changeChat(chat, { archived: isArchived }, app);
  toastWithUndo(isArchived ? 'Chat archived' : 'Chat unarchived', () => changeChat(chat, { archived: !isArchived }, app));
}

async function deleteChat(chat, app) {
  const sure = await confirmAction({
    title: 'Delete this chat?',
    text: `“${chat.title || 'New chat'}” and all its messages go to the trash, where they are kept for 30 days. The pages it made stay in the version list.`,
    action: 'Delete chat',
  });
  if (!sure) return;
  await withUndo('Chat deleted', app, async () => {
    const { trash_id: trashId } = await request('DELETE', `/api/chat/sessions/${chat.id}`);
    app.chatDeleted(chat);
    return trashId;
  });
}

async function clearChat(chat, app) {
  await withUndo('Messages cleared', app, async () => {
    const { trash_id: trashId } = await request('DELETE', `/api/chat/messages?session_id=${chat.id}`);
    app.messagesCleared(chat);
    return trashId;
  });
}

/** Run a deletion that returns a trash id, and offer to undo it. */
async function withUndo(notice, app, run) {
  const undo = async (trashId) => {
    try {
      app.chatRestored(await restoreFromTrash(trashId));
    } catch (error) {
      toastError(error);
    }
  };
  try {
    const trashId = await run();
    toastWithUndo(notice, trashId && (() => undo(trashId)));
  } catch (error) {
    toastError(error);
  }
}

/** Replace a title by an input: Enter and blur save, Escape cancels; then the focus returns to `back`. */
export function renameInPlace(element, chat, { back, afterRename }) {
  const input = h('input', { class: 'rename-input', 'aria-label': 'Name of this chat', maxlength: 200 });
  input.value = chat.title ?? '';
  let isOver = false;
  const finish = async (save) => {
    if (isOver) return;
    isOver = true;
    const hadFocus = document.activeElement === input;
    input.replaceWith(element);
    if (hadFocus) back.focus();
    const title = input.value.trim();
    if (save && title && title !== chat.title) await rename(chat, title, afterRename);
  };
  input.addEventListener('keydown', (event) => {
    event.stopPropagation();
    const isEnter = event.key === 'Enter' && !event.isComposing;
    if (!isEnter && event.key !== 'Escape') return;
    // Otherwise the same key press would activate the element that gets the focus.
    event.preventDefault();
    finish(isEnter);
  });
  input.addEventListener('blur', () => finish(true));
  input.addEventListener('click', (event) => event.preventDefault());
  element.replaceWith(input);
  input.focus();
  input.select();
}

async function rename(chat, title, afterRename) {
  try {
    const data = await request('PATCH', `/api/chat/sessions/${chat.id}`, { title });
    afterRename(data.session);
    toast('Chat renamed', { seconds: 2 });
  } catch (error) {
    toastError(error);
  }
}
