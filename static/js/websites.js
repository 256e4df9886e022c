import { lastChat } from './builder/local-storage.js';
import { listAll, request } from './net/api.js';
import { tabs } from './net/tabs.js';
import { Outbox } from './outbox/outbox.js';
import { Store } from './outbox/store.js';
import { wanted } from './start/wanted.js';
import { websiteName } from './text/website-name.js';
import { openTrash } from './trash-dialog.js';
import { askForText, confirmAction } from './ui/dialogs.js';
import { find, h, icon, readPageData } from './ui/dom.js';
import { openMenu } from './ui/menu.js';
import { timeElement } from './ui/times.js';
import { toast, toastError, toastWithUndo } from './ui/toasts.js';
import { beginWebsite } from './websites/begin.js';
import { askForWebsite } from './websites/new-website.js';
import { watchThumbnails } from './websites/thumbnails.js';

const { userId } = readPageData('page-data');
const store = new Store();
const grid = find('#websites');
const thumbnails = watchThumbnails();
let websites = [];

function draw() {
  grid.setAttribute('aria-busy', 'false');
  if (websites.length) grid.replaceChildren(...websites.map(card));
  else grid.replaceChildren(emptyState());
}

function card(website) {
  const thumb = h('div', { class: 'site-thumb', 'aria-hidden': 'true', dataset: { website: website.id } });
  if (website.latest_version_number) thumbnails.observe(thumb);
  else thumb.append(h('span', { class: 'site-thumb-empty' }, 'No page yet'));
  const menu = h('button', { type: 'button', class: 'icon-button', 'aria-haspopup': 'menu', 'aria-expanded': 'false', 'aria-label': `More for ${website.name}` }, icon('more'));
  menu.addEventListener('click', () => openMenu(menu, [
    { icon: 'pencil', label: 'Rename', run: () => rename(website) },
    { icon: 'trash', label: 'Delete…', danger: true, run: () => remove(website) },
  ]));
  const version = website.latest_version_number ? `Version ${website.latest_version_number} · ` : '';
  return h('li', { class: 'site-card' }, thumb,
    h('div', { class: 'site-body' },
      h('div', { class: 'site-words' },
        h('h2', { class: 'site-name' }, h('a', { class: 'site-link', href: `/websites/${website.id}` }, website.name)),
        h('p', { class: 'site-meta' }, version, timeElement(website.updated_at))),
      menu));
}

function emptyState() {
  return h('li', { class: 'empty-state' },
    h('h2', {}, 'Make your first website'),
    h('p', {}, 'Name it after what it is for. You can change the name whenever you like.'),
    h('button', { type: 'button', class: 'button primary', onclick: create }, icon('plus'), 'New website'));
}

async function create() {
  const chosen = await askForWebsite();
  if (!chosen) return;
  try {
    open(await beginWebsite({ userId, store, ...chosen }));
  } catch (error) {
    toastError(error);
  }
}

const open = ({ id }) => location.assign(`/websites/${id}`);

/** Build what was asked for on the start page, in one tab. */
async function buildWanted() {
  await tabs.alone('wanted', async () => {
    const question = wanted.get();
    if (!question) return;
    const note = find('#wanted');
    note.hidden = false;
    note.replaceChildren(h('p', { role: 'status' }, h('span', { class: 'stitches', 'aria-hidden': 'true' }), h('span', {}, 'Making your website…')), h('blockquote', {}, question));
    try {
      const website = await beginWebsite({ userId, store, name: websiteName(question), question });
      wanted.forget();
      open(website);
    } catch (error) {
      const forget = () => {
        wanted.forget();
        note.hidden = true;
      };
      note.replaceChildren(h('p', { role: 'alert' }, `Your website could not be made. ${error.message} What you asked for is kept:`), h('blockquote', {}, question),
        h('p', { class: 'wanted-actions' }, h('button', { type: 'button', class: 'button primary', onclick: buildWanted }, 'Try again'),
          h('button', { type: 'button', class: 'button quiet', onclick: forget }, 'Don’t build it')));
    }
  });
}

async function rename(website) {
  const name = await askForText({ title: 'Rename website', label: 'Name', value: website.name, action: 'Rename' });
  if (!name || name === website.name) return;
  try {
    const data = await request('PATCH', `/api/websites/${website.id}`, { name });
    websites = websites.map((one) => (one.id === website.id ? { ...one, ...data.website } : one));
    draw();
  } catch (error) {
    toastError(error);
  }
}

async function remove(website) {
  const sure = await confirmAction({ title: `Delete ${website.name}?`, text: 'It goes to the trash with its chats, its versions and what visitors sent, and is kept there for 30 days. Visitors don’t see it any more, and links to its pages end, also when you bring it back.', action: 'Delete website' });
  if (!sure) return;
  try {
    const { trash_id: trashId } = await request('DELETE', `/api/websites/${website.id}`);
    lastChat.remove(website.id);
    websites = websites.filter((one) => one.id !== website.id);
    draw();
    toastWithUndo(`${website.name} deleted`, () => undo(trashId));
  } catch (error) {
    toastError(error);
  }
}

async function undo(trashId) {
  try {
    showAgain(await request('POST', `/api/trash/${trashId}/restore`, {}));
  } catch (error) {
    toastError(error);
  }
}

function showAgain({ website, session }) {
  if (website) {
    websites = [website, ...websites].sort((a, b) => b.updated_at.localeCompare(a.updated_at));
    draw();
    toast(`${website.name} is back, with its chats and versions`);
  } else {
    const open = () => location.assign(`/websites/${session.website_id}/chats/${session.id}`);
    toast('Restored', { action: session.website_id && { label: 'Open', run: open } });
  }
}

async function load() {
  try {
    websites = await listAll('/api/websites', 'websites');
    draw();
  } catch (error) {
    grid.setAttribute('aria-busy', 'false');
    grid.replaceChildren(h('li', { class: 'empty-state', role: 'alert' }, h('p', {}, error.message), h('button', { type: 'button', class: 'button', onclick: load }, 'Try again')));
  }
}

find('#new-website').addEventListener('click', create);
find('#trash').addEventListener('click', async () => {
  const restored = await openTrash();
  if (restored) showAgain(restored);
});
load();
// Messages that a chat left unsent are sent from this page, too.
new Outbox({ userId, store, tabs }).start().then(buildWanted);
