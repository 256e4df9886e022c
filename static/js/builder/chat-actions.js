import { request } from '../net/api.js';
import { askForText, confirmAction } from '../ui/dialogs.js';
import { h } from '../ui/dom.js';
import { toast, toastError } from '../ui/toasts.js';
import { change } from './bulk-changes.js';
import { shareChat } from './share-dialog.js';

const TO_UNDO = 12;

/** The menu of one chat, the same in the sidebar and above the conversation. */
export function chatMenu(session, app, startRename) {
  const exportUrl = (format) => `/api/chat/sessions/${session.id}/export?format=${format}`;
  return [
    { icon: 'pencil', label: 'Rename', run: startRename },
    { icon: 'pin', label: session.pinned_at ? 'Unpin' : 'Pin', run: () => changeChat(session, { pinned: !session.pinned_at }, app) },
    { icon: 'tag', label: 'Tags…', run: () => changeTags(session, app) },
    { icon: 'archive', label: session.archived_at ? 'Unarchive' : 'Archive', run: () => archiveChat(session, app) },
    { icon: 'share', label: 'Share…', run: () => shareChat(session) },
    { icon: 'download', label: 'Export as Markdown', href: exportUrl('markdown'), download: true },
    { icon: 'download', label: 'Export as JSON', href: exportUrl('json'), download: true },
    { icon: 'clear', label: 'Clear messages', run: () => clearChat(session, app) },
    { icon: 'trash', label: 'Delete…', danger: true, run: () => deleteChat(session, app) },
  ];
}

async function changeChat(session, changes, app) {
  try {
    app.chatPut((await change(session.id, changes)).session);
  } catch (error) {
    toastError(error);
  }
}

async function changeTags(session, app) {
  const words = await askForText({ title: 'Tags of this chat', label: 'Tags, with commas between them', value: (session.tags ?? []).join(', '), action: 'Save', limit: 420, isOptional: true });
  if (words === null) return;
  const tags = [...new Set(words.split(',').map((tag) => tag.trim()).filter(Boolean))];
  await changeChat(session, { tags }, app);
}

async function archiveChat(session, app) {
  const isArchived = !session.archived_at;
  await changeChat(session, { archived: isArchived }, app);
  toast(isArchived ? 'Chat archived' : 'Chat unarchived', { seconds: TO_UNDO, action: { label: 'Undo', run: () => changeChat(session, { archived: !isArchived }, app) } });
}

async function deleteChat(session, app) {
  const sure = await confirmAction({
    title: 'Delete this chat?',
    text: `“${session.title || 'New chat'}” and all its messages go to the trash, where they are kept for 30 days. The pages it made stay in the version list.`,
    action: 'Delete chat',
  });
  if (!sure) return;
  await undoably('Chat deleted', app, async () => {
    const { trash_id: trashId } = await request('DELETE', `/api/chat/sessions/${session.id}`);
    app.chatDeleted(session);
    return trashId;
  });
}

async function clearChat(session, app) {
  await undoably('Messages cleared', app, async () => {
    const { trash_id: trashId } = await request('DELETE', `/api/chat/messages?session_id=${session.id}`);
    app.chatChanged(session);
    return trashId;
  });
}

/** Do what puts something in the trash, and offer to bring it back. */
async function undoably(said, app, run) {
  const undo = async (trashId) => {
    try {
      const { session } = await request('POST', `/api/trash/${trashId}/restore`, {});
      app.chatRestored(session);
    } catch (error) {
      toastError(error);
    }
  };
  try {
    const trashId = await run();
    toast(said, { seconds: TO_UNDO, action: trashId && { label: 'Undo', run: () => undo(trashId) } });
  } catch (error) {
    toastError(error);
  }
}

/** Turn a title into an input in its place: Enter and leaving save, Escape doesn't; the keys then go `back`. */
export function renameInPlace(element, session, { back, afterRename }) {
  const input = h('input', { class: 'rename-input', 'aria-label': 'Name of this chat', maxlength: 200 });
  input.value = session.title ?? '';
  let isOver = false;
  const finish = async (save) => {
    if (isOver) return;
    isOver = true;
    const hadFocus = document.activeElement === input;
    input.replaceWith(element);
    if (hadFocus) back.focus();
    const title = input.value.trim();
    if (save && title && title !== session.title) await rename(session, title, afterRename);
  };
  input.addEventListener('keydown', (event) => {
    event.stopPropagation();
    const isEnter = event.key === 'Enter' && !event.isComposing;
    if (!isEnter && event.key !== 'Escape') return;
    // Else the same key press would go on to what gets the focus, and open it.
    event.preventDefault();
    finish(isEnter);
  });
  input.addEventListener('blur', () => finish(true));
  input.addEventListener('click', (event) => event.preventDefault());
  element.replaceWith(input);
  input.focus();
  input.select();
}

async function rename(session, title, afterRename) {
  try {
    const data = await request('PATCH', `/api/chat/sessions/${session.id}`, { title });
    afterRename(data.session);
    toast('Chat renamed', { seconds: 2 });
  } catch (error) {
    toastError(error);
  }
}
