import { request } from '../net/api.js';
import { exactTime, relativeTime } from '../text/relative-time.js';
import { openDialog } from '../ui/dialogs.js';
import { h, icon } from '../ui/dom.js';
import { timeElement } from '../ui/times.js';
import { shareLink, tried } from './share-link.js';

/** How long a link works: what it is called, in days; empty for until it is taken back. */
const ENDS = [['for 30 days', '30'], ['for 7 days', '7'], ['for 90 days', '90'], ['until you take it back', '']];

/** Make and take back links to a website's pages. A link is shown once: the server stores only its hash. */
export function sharePage(websiteId, version) {
  const fresh = h('div', { class: 'share-fresh', role: 'status' });
  const list = h('ul', { class: 'share-list' });
  const draw = async () => {
    const data = await tried(request('GET', `/api/websites/${websiteId}/page-shares`));
    if (data) list.replaceChildren(...data.shares.map((share) => row(share, revoke)));
  };
  const ends = h('select', { class: 'input', id: 'share-ends' }, ENDS.map(([label, days]) => h('option', { value: days }, label)));
  const password = h('input', { class: 'input', id: 'share-password', minlength: 6, maxlength: 100, autocomplete: 'off', placeholder: 'None' });
  const create = async (event) => {
    event.preventDefault();
    const asked = { ...(ends.value && { expires_in_days: Number(ends.value) }), ...(password.value && { password: password.value }) };
    const made = await tried(request('POST', `/api/versions/${version.id}/shares`, asked));
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
    h('p', {}, 'Whoever has the link can see all pages of this version and comment on what is in them, without signing in. They see neither the chat nor other versions, and nothing of what you change later.'),
    h('form', { class: 'stack', onsubmit: create },
      h('div', { class: 'share-choices' },
        h('div', { class: 'field' }, h('label', { for: 'share-ends' }, 'The link works'), ends),
        h('div', { class: 'field' }, h('label', { for: 'share-password' }, 'Password, if you want one'), password)),
      fresh, list,
      h('div', { class: 'dialog-actions' },
        h('button', { type: 'button', class: 'button quiet', onclick: () => close(null) }, 'Close'),
        h('button', { type: 'submit', class: 'button primary', autofocus: true }, icon('share'), 'Create a link'))),
  ]);
}

function row(share, revoke) {
  return h('li', {},
    h('span', {}, `Link to version ${share.version_number}, made `, timeElement(share.created_at), share.has_password && ', with a password', share.expires_at && endOf(share.expires_at)),
    h('button', { type: 'button', class: 'button small', onclick: () => revoke(share) }, 'Take back'));
}

function endOf(time) {
  const isOver = Date.parse(time) < Date.now();
  return h('span', {}, isOver ? ', ended ' : ', until ', h('time', { datetime: time, title: exactTime(time) }, isOver ? relativeTime(time) : new Date(time).toLocaleDateString('en', { day: 'numeric', month: 'short', year: 'numeric' })));
}
