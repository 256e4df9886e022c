import { request } from '../net/api.js';
import { exactTime, relativeTime } from '../text/relative-time.js';
import { openDialog } from '../ui/dialogs.js';
import { h, icon } from '../ui/dom.js';
import { shareLink, tried } from './share-link.js';

/** Make and take back links to a website's pages. A link is shown once: the server stores only its hash. */
export function sharePage(websiteId, version) {
  const fresh = h('div', { class: 'share-fresh', role: 'status' });
  const list = h('ul', { class: 'share-list' });
  const draw = async () => {
    const data = await tried(request('GET', `/api/websites/${websiteId}/page-shares`));
    if (data) list.replaceChildren(...data.shares.map((share) => row(share, revoke)));
  };
  const create = async () => {
    const made = await tried(request('POST', `/api/versions/${version.id}/shares`, {}));
    if (!made) return;
    fresh.replaceChildren(shareLink(made.share.url, 'Link to this page'));
    fresh.querySelector('input').select();
    draw();
  };
  const revoke = async (share) => {
    if (!(await tried(request('DELETE', `/api/page-shares/${share.id}`)))) return;
    fresh.replaceChildren();
    draw();
  };
  draw();
  return openDialog(`Share version ${version.number} of the page`, (close) => [
    h('p', {}, 'Whoever has the link can see this version of the page, without signing in. They see neither the chat nor other versions, and nothing of what you change later.'),
    fresh, list,
    h('div', { class: 'dialog-actions' },
      h('button', { type: 'button', class: 'button quiet', onclick: () => close(null) }, 'Close'),
      h('button', { type: 'button', class: 'button primary', autofocus: true, onclick: create }, icon('share'), 'Create a link')),
  ]);
}

function row(share, revoke) {
  return h('li', {},
    h('span', {}, `Link to version ${share.version_number}, made `, h('time', { datetime: share.created_at, title: exactTime(share.created_at) }, relativeTime(share.created_at))),
    h('button', { type: 'button', class: 'button small', onclick: () => revoke(share) }, 'Take back'));
}
