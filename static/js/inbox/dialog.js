import { confirmAction, openDialog } from '../ui/dialogs.js';
import { debounce, h, icon, iconButton } from '../ui/dom.js';
import { toastError } from '../ui/toasts.js';
import { detail } from './detail.js';
import { listRow } from './list.js';
import { openNoticeSettings } from './notice-settings.js';

const SAID_SECONDS = 12;

/** Show what visitors sent; resolves when the dialog is closed. */
export async function openInbox(inbox) {
  let openId = null;
  const list = h('ul', { class: 'inbox-list', 'aria-label': 'Submissions' });
  const shown = h('section', { class: 'inbox-detail', 'aria-label': 'Submission' });
  const panes = h('div', { class: 'inbox-panes' }, h('div', { class: 'inbox-side' }), shown);
  const more = h('button', { type: 'button', class: 'button quiet block-button', hidden: true, onclick: () => inbox.more().catch(toastError) }, 'Earlier ones');
  const note = h('p', { class: 'inbox-empty', role: 'status' });
  const search = h('input', { class: 'input', type: 'search', placeholder: 'Search', 'aria-label': 'Search submissions', maxlength: 200 });
  const table = h('a', { class: 'icon-button', download: true, 'aria-label': 'Download as a table', title: 'Download as a table (CSV)' }, icon('download'));
  const empty = h('button', { type: 'button', class: 'button small', hidden: true, onclick: emptyQuarantine }, icon('trash'), 'Delete all');
  const tab = (value, label) => h('label', {}, h('input', { type: 'radio', name: 'inbox-tab', value: String(value), checked: value === inbox.filter.quarantined, onchange: () => load({ quarantined: value }) }), h('span', {}, label));
  const inboxLabel = h('span', {}, 'Inbox');
  const quarantineLabel = h('span', {}, 'Quarantine');
  panes.firstChild.append(list, note, more);

  const draw = () => {
    const { unread, quarantined } = inbox.counts;
    inboxLabel.textContent = unread ? `Inbox (${unread})` : 'Inbox';
    quarantineLabel.textContent = quarantined ? `Quarantine (${quarantined})` : 'Quarantine';
    list.replaceChildren(...inbox.rows.map((row) => listRow(row, row.id === openId, open)));
    more.hidden = !inbox.hasMore;
    note.hidden = inbox.rows.length > 0;
    note.textContent = emptyText(inbox.filter);
    empty.hidden = !inbox.filter.quarantined || !quarantined;
    table.href = inbox.tablePath;
    if (openId && !inbox.find(openId)) openId = null;
    drawDetail();
  };
  // Within the dialog: what is outside can't be used while it is open.
  const said = h('p', { class: 'inbox-said', role: 'status', hidden: true });
  let saying;
  const say = (text, undo = null) => {
    clearTimeout(saying);
    const hide = () => { said.hidden = true; };
    const button = undo && h('button', { type: 'button', class: 'button small', onclick: () => { hide(); undo(); } }, 'Undo');
    said.replaceChildren(h('span', {}, text), ...(button ? [button] : []));
    said.hidden = false;
    saying = setTimeout(hide, SAID_SECONDS * 1000);
  };
  const drawDetail = () => {
    const row = inbox.find(openId);
    panes.classList.toggle('is-open', Boolean(row));
    const children = row ? detail(row, actions(row)) : [h('p', { class: 'inbox-empty' }, inbox.rows.length ? 'Choose one to read it.' : '')];
    shown.replaceChildren(...children.filter(Boolean));
  };
  const open = (row) => {
    openId = row.id;
    draw();
    shown.querySelector('h3')?.focus();
    if (!row.is_read) attempt(inbox.mark(row, { is_read: true }));
  };
  const actions = (row) => ({
    back() {
      openId = null;
      draw();
      list.querySelector(`[data-id="${row.id}"]`)?.focus();
    },
    remove() {
      openId = null;
      say('Deleted', inbox.leave(row, SAID_SECONDS));
    },
    async markUnread() {
      openId = null;
      await attempt(inbox.mark(row, { is_read: false }));
    },
    async noSpam() {
      openId = null;
      await attempt(inbox.mark(row, { is_quarantined: false }).then(() => say('Moved to the inbox')));
    },
    tellAgain: () => attempt(inbox.tellAgain(row)),
  });
  async function emptyQuarantine() {
    const sure = await confirmAction({ title: 'Delete all in quarantine?', text: 'They can’t be brought back.', action: 'Delete all' });
    if (sure) await attempt(inbox.emptyQuarantine());
  }
  async function load(filter) {
    note.textContent = 'Looking…';
    await attempt(inbox.load(filter));
  }
  search.addEventListener('input', debounce(250, () => load({ q: search.value.trim() })));
  search.value = inbox.filter.q;
  inbox.addEventListener('change', draw);
  load({});
  await openDialog('Inbox', (close) => [
    h('div', { class: 'inbox-bar' },
      h('fieldset', { class: 'segments' }, h('legend', { class: 'visually-hidden' }, 'Show'), tab(false, inboxLabel), tab(true, quarantineLabel)),
      h('span', { class: 'search-field' }, icon('search'), search),
      h('span', { class: 'inbox-tools' }, empty, table,
        h('button', { type: 'button', class: 'button small', onclick: () => openNoticeSettings(inbox.websiteId) }, 'Notices')),
      iconButton('close', 'Close', () => close(null))),
    panes, said,
  ], 'inbox');
  inbox.removeEventListener('change', draw);
}

const attempt = (promise) => promise.catch(toastError);

function emptyText({ quarantined, q }) {
  if (q) return 'Nothing has that in it.';
  return quarantined ? 'Nothing is in quarantine. What looks like a machine’s comes here and is kept for 30 days.' : 'Nothing yet. What visitors send by the forms of your published pages comes here.';
}
