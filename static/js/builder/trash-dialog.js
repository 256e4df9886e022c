import { request } from '../net/api.js';
import { exactTime, relativeTime } from '../text/relative-time.js';
import { openDialog } from '../ui/dialogs.js';
import { h, icon } from '../ui/dom.js';
import { toastError } from '../ui/toasts.js';
import { restoreFromTrash } from './chat-requests.js';

/** Show what was deleted in the last 30 days; resolves the chat that was restored, else null. */
export function openTrash() {
  const list = h('ul', { class: 'share-list' });
  const note = h('p', { role: 'status' }, 'Looking…');
  const more = h('button', { type: 'button', class: 'button quiet block-button', hidden: true }, 'Deleted earlier');
  return openDialog('Trash', (close) => {
    const restore = async ({ id }, button) => {
      button.disabled = true;
      try {
        close(await restoreFromTrash(id));
      } catch (error) {
        button.disabled = false;
        toastError(error);
      }
    };
    let cursor = null;
    const load = async () => {
      try {
        const data = await request('GET', `/api/trash?limit=30${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
        list.append(...data.trash.map((item) => row(item, restore)));
        note.textContent = list.children.length ? 'What you delete is kept here for 30 days.' : 'Nothing is in the trash. What you delete is kept here for 30 days.';
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

function row(item, restore) {
  const title = item.title || 'New chat';
  const count = `${item.message_count} ${item.message_count === 1 ? 'message' : 'messages'}`;
  const button = h('button', { type: 'button', class: 'button small', 'aria-label': `Restore “${title}”`, onclick: () => restore(item, button) }, icon('restore'), 'Restore');
  return h('li', {},
    h('span', {}, item.kind === 'chat' ? `“${title}”, ${count} · ` : `${count} cleared from “${title}” · `,
      h('time', { datetime: item.deleted_at, title: exactTime(item.deleted_at) }, relativeTime(item.deleted_at))), button);
}
