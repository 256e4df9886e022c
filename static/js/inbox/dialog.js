import { confirmAction, openDialog } from '../ui/dialogs.js';
import { debounce, h, icon, iconButton } from '../ui/dom.js';
import { toast, toastError, toastWithUndo } from '../ui/toasts.js';
import { detail } from './detail.js';
import { listRow } from './list.js';
import { openNoticeSettings } from './notice-settings.js';

/** As long as the notice with Undo is shown. */
const UNDO_SECONDS = 12;

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
  const tabs = h('fieldset', { class: 'segments' }, h('legend', { class: 'visually-hidden' }, 'Show'), tab(false, inboxLabel), tab(true, quarantineLabel));
  panes.firstChild.append(list, note, more);

  const draw = () => {
    const focusedId = list.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    const { unread, quarantined } = inbox.counts;
    inboxLabel.textContent = unread ? `Inbox (${unread})` : 'Inbox';
    quarantineLabel.textContent = quarantined ? `Quarantine (${quarantined})` : 'Quarantine';
    list.replaceChildren(...inbox.rows.map((row) => listRow(row, row.id === openId, open)));
    if (focusedId) list.querySelector(`[data-id="${focusedId}"]`)?.focus();
    more.hidden = !inbox.hasMore;
    note.hidden = inbox.rows.length > 0;
    note.textContent = emptyText(inbox.filter);
    empty.hidden = !inbox.filter.quarantined || !quarantined;
    table.href = inbox.tablePath;
    if (openId && !inbox.find(openId)) openId = null;
    drawDetail();
  };
  let drawn = null;
  const drawDetail = () => {
    const row = inbox.find(openId);
    // What is being read stays as it is, with the focus.
    const state = JSON.stringify([row && { ...row, is_read: true }, inbox.rows.length > 0]);
    if (state === drawn) return;
    drawn = state;
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
  /** Go back to the list, with the focus where a submission is or was. */
  const goBack = (at) => {
    openId = null;
    draw();
    const rows = list.querySelectorAll('.inbox-row');
    (rows[Math.min(at, rows.length - 1)] ?? tabs.querySelector(':checked')).focus();
  };
  const actions = ({ id }) => {
    const at = () => inbox.rows.findIndex((row) => row.id === id);
    const leave = async (change) => {
      const before = at();
      await attempt(change(inbox.find(id)).then(() => goBack(before)));
    };
    return {
      back: () => goBack(at()),
      remove: () => leave(async (row) => toastWithUndo('Deleted', inbox.leave(row, UNDO_SECONDS))),
      markUnread: () => leave((row) => inbox.mark(row, { is_read: false })),
      noSpam: () => leave((row) => inbox.mark(row, { is_quarantined: false }).then(() => toast('Moved to the inbox'))),
      tellAgain: () => attempt(inbox.tellAgain(inbox.find(id))),
    };
  };
  async function emptyQuarantine() {
    const sure = await confirmAction({ title: 'Delete all in quarantine?', text: 'They can’t be brought back.', action: 'Delete all' });
    if (sure) await attempt(inbox.emptyQuarantine());
  }
  async function load(filter) {
    note.textContent = 'Looking…';
    try {
      await inbox.load(filter);
    } catch (error) {
      note.textContent = error.message;
      toastError(error);
    }
  }
  search.addEventListener('input', debounce(250, () => load({ q: search.value.trim() })));
  search.value = inbox.filter.q;
  inbox.addEventListener('change', draw);
  load({});
  await openDialog('Inbox', (close) => [
    h('div', { class: 'inbox-bar' },
      tabs,
      h('span', { class: 'search-field' }, icon('search'), search),
      h('span', { class: 'inbox-tools' }, empty, table,
        h('button', { type: 'button', class: 'button small', onclick: () => openNoticeSettings(inbox.websiteId) }, 'Notices')),
      iconButton('close', 'Close', () => close(null))),
    panes,
  ], 'inbox');
  inbox.removeEventListener('change', draw);
}

const attempt = (promise) => promise.catch(toastError);

function emptyText({ quarantined, q }) {
  if (q) return 'Nothing has that in it.';
  return quarantined ? 'Nothing is in quarantine. What looks like a machine’s comes here and is kept for 30 days.' : 'Nothing yet. What visitors send by the forms of your published pages comes here.';
}
