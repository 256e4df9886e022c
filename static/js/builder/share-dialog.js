import { request } from '../net/api.js';
import { openDialog } from '../ui/dialogs.js';
import { h, icon } from '../ui/dom.js';
import { timeElement } from '../ui/times.js';
import { shareLink, tried } from './share-link.js';

/** Create and revoke share links to a chat. A link is shown once: the server stores only its hash. */
export function shareChat(chat) {
  const fresh = h('div', { class: 'share-fresh', role: 'status' });
  const list = h('ul', { class: 'share-list' });
  const create = async () => {
    const made = await tried(request('POST', `/api/chat/sessions/${chat.id}/shares`, {}));
    if (!made) return;
    fresh.replaceChildren(shareLink(made.share.url, 'Link to this chat'));
    fresh.querySelector('input').select();
    draw();
  };
  const draw = async () => {
    const data = await tried(request('GET', `/api/chat/sessions/${chat.id}/shares`));
    if (data) list.replaceChildren(...data.shares.map((share) => row(share, { revoke, update })));
  };
  const revoke = async (share) => {
    if (!(await tried(request('DELETE', `/api/shares/${share.id}`)))) return;
    fresh.replaceChildren();
    draw();
  };
  const update = async (share) => {
    if (await tried(request('POST', `/api/shares/${share.id}/update`, {}))) draw();
  };
  draw();
  return openDialog('Share this chat', (close) => [
    h('p', {}, 'Whoever has the link can read the chat as it is now, without signing in. What you write, edit or delete later does not show, and neither does an answer that is still being written, until you update the link.'),
    h('p', {}, 'To stop sharing, take the link back or delete the chat.'),
    fresh, list,
    h('div', { class: 'dialog-actions' },
      h('button', { type: 'button', class: 'button quiet', onclick: () => close(null) }, 'Close'),
      h('button', { type: 'button', class: 'button primary', autofocus: true, onclick: create }, icon('share'), 'Create a link')),
  ]);
}

function row(share, { revoke, update }) {
  return h('li', {},
    h('span', {}, 'Link made ', timeElement(share.created_at), share.shared_at !== share.created_at && [', updated ', timeElement(share.shared_at)]),
    h('button', { type: 'button', class: 'button small', onclick: () => update(share) }, 'Update what is shared'),
    h('button', { type: 'button', class: 'button small', onclick: () => revoke(share) }, 'Take back'));
}
