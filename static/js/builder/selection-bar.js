import { askForText, confirmAction } from '../ui/dialogs.js';
import { find, h, icon } from '../ui/dom.js';
import { toast, toastError, toastWithUndo } from '../ui/toasts.js';
import { archiveChats, deleteChats, pinChats, restoreAllFromTrash, tagChats } from './chat-requests.js';

/** The actions for the selected chats; it replaces the footer of the sidebar. */
export function showSelectionBar(selection, app) {
  const bar = find('#selection-bar');
  const foot = find('#history-foot');
  const opener = find('#select-chats');
  const count = h('p', { role: 'status' });
  const all = h('button', { type: 'button', class: 'button quiet small', onclick: () => selection.toggleAll() });
  const done = h('button', { type: 'button', class: 'button quiet small', onclick: () => selection.end() }, 'Done');
  const action = (name, onclick) => h('button', { type: 'button', class: 'button small', onclick }, icon(name), h('span', {}));
  const pin = action('pin', () => run((rows) => changePins(rows)));
  const archive = action('archive', () => run((rows) => changeArchive(rows, app)));
  const tag = action('tag', () => run(addTag));
  const remove = action('trash', () => run((rows) => moveToTrash(rows, app)));
  remove.classList.add('danger-words');
  bar.append(h('div', { class: 'selection-head' }, count, all, done), h('div', { class: 'selection-actions' }, pin, archive, tag, remove));

  function draw() {
    const { rows, isOn, isWhole } = selection;
    bar.hidden = !isOn;
    foot.hidden = isOn;
    count.textContent = rows.length ? `${rows.length} selected` : 'Select chats';
    all.textContent = isWhole ? 'None' : 'All';
    setLabel(pin, arePinned(rows) ? 'Unpin' : 'Pin');
    setLabel(archive, areArchived(rows) ? 'Unarchive' : 'Archive');
    setLabel(tag, 'Tag…');
    setLabel(remove, 'Delete…');
    for (const button of [pin, archive, tag, remove]) button.disabled = !rows.length;
  }

  async function run(change) {
    const { rows } = selection;
    bar.inert = true;
    try {
      if (await change(rows) !== false) end();
    } catch (error) {
      toastError(error);
    } finally {
      bar.inert = false;
      app.chatsChanged();
    }
  }

  function end() {
    selection.end();
    opener.focus();
  }

  opener.addEventListener('click', () => {
    selection.begin();
    (find('.chat-box') ?? done).focus();
  });
  done.addEventListener('click', () => opener.focus());
  find('#history').addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !selection.isOn) return;
    event.stopImmediatePropagation();
    end();
  }, { capture: true });
  selection.addEventListener('change', draw);
  draw();
}

const setLabel = (button, label) => button.querySelector('span').replaceChildren(label);
const arePinned = (rows) => rows.length > 0 && rows.every((row) => row.pinned_at);
const areArchived = (rows) => rows.length > 0 && rows.every((row) => row.archived_at);
const chats = (rows) => (rows.length === 1 ? '1 chat' : `${rows.length} chats`);

async function changePins(rows) {
  const isPinned = !arePinned(rows);
  await pinChats(rows, isPinned);
  toast(`${chats(rows)} ${isPinned ? 'pinned' : 'unpinned'}`);
}

async function changeArchive(rows, app) {
  const isArchived = !areArchived(rows);
  await archiveChats(rows, isArchived);
  const undo = () => archiveChats(rows, !isArchived).then(app.chatsChanged, toastError);
  toastWithUndo(`${chats(rows)} ${isArchived ? 'archived' : 'unarchived'}`, undo);
}

async function addTag(rows) {
  const tag = await askForText({ title: `Tag ${chats(rows)}`, label: 'Tag', action: 'Add the tag', limit: 40 });
  if (!tag) return false;
  const full = await tagChats(rows, tag);
  toast(full ? `${full} of them have ten tags already, which is the most` : `${chats(rows)} tagged`, { tone: full ? 'problem' : 'plain' });
}

async function moveToTrash(rows, app) {
  const sure = await confirmAction({
    title: rows.length === 1 ? 'Delete this chat?' : `Delete ${rows.length} chats?`,
    text: 'All their messages go to the trash, where they are kept for 30 days. The pages they made stay in the version list.',
    action: rows.length === 1 ? 'Delete chat' : `Delete ${rows.length} chats`,
  });
  if (!sure) return false;
  const trashIds = await deleteChats(rows);
  app.chatsDeleted(rows);
  const undo = () => restoreAllFromTrash(trashIds).then(app.chatsChanged, toastError);
  toastWithUndo(`${chats(rows)} deleted`, undo);
}
