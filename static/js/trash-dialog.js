import { request } from './net/api.js';
import { confirmAction, openDialog } from './ui/dialogs.js';
import { h, icon, iconButton } from './ui/dom.js';
import { timeElement } from './ui/times.js';
import { toastError } from './ui/toasts.js';

/** Show what was deleted in the last 30 days; resolves what was restored, {session} or {website}, else null. */
export function openTrash() {
  const list = h('ul', { class: 'share-list trash-list' });
  const note = h('p', { role: 'status' }, 'Looking…');
  const more = h('button', { type: 'button', class: 'button quiet block-button', hidden: true }, 'Deleted earlier');
  const say = () => {
    note.textContent = list.children.length ? 'What you delete is kept here for 30 days.' : 'Nothing is in the trash. What you delete is kept here for 30 days.';
  };
  return openDialog('Trash', (close) => {
    const restore = async (item, button) => {
      button.disabled = true;
      try {
        close(await request('POST', `/api/trash/${item.id}/restore`, {}));
      } catch (error) {
        button.disabled = false;
        toastError(error);
      }
    };
    const destroy = async (item, element) => {
      const sure = await confirmAction({ title: 'Delete for good?', text: `${describe(item)}. It can’t be brought back.`, action: 'Delete for good' });
      if (!sure) return;
      try {
        await request('DELETE', `/api/trash/${item.id}`);
        element.remove();
        say();
      } catch (error) {
        toastError(error);
      }
    };
    let cursor = null;
    const load = async () => {
      try {
        const data = await request('GET', `/api/trash?limit=30${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
        list.append(...data.trash.map((item) => row(item, restore, destroy)));
        say();
        cursor = data.next_cursor ?? null;
        more.hidden = !cursor;
      } catch (error) {
        note.textContent = error.message;
      }
    };
    more.addEventListener('click', load);
    load();
    return [note, list, more, h('div', { class: 'dialog-actions' }, h('button', { type: 'button', class: 'button quiet', autofocus: true, onclick: () => close(null) }, 'Close'))];
  });
}

const nameOf = (item) => item.title || 'New chat';

function describe(item) {
  const count = `${item.message_count} ${item.message_count === 1 ? 'message' : 'messages'}`;
  if (item.kind === 'website') return `Website “${nameOf(item)}” with its versions and chats, ${count}`;
  return item.kind === 'chat' ? `Chat “${nameOf(item)}”, ${count}` : `${count} cleared from “${nameOf(item)}”`;
}

function row(item, restore, destroy) {
  const button = h('button', { type: 'button', class: 'button small', 'aria-label': `Restore “${nameOf(item)}”`, onclick: () => restore(item, button) }, icon('restore'), 'Restore');
  const element = h('li', {},
    h('span', {}, `${describe(item)} · `, timeElement(item.deleted_at)),
    h('span', { class: 'trash-actions' }, button, iconButton('trash', `Delete “${nameOf(item)}” for good`, () => destroy(item, element))));
  return element;
}
