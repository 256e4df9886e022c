import { listAll, request } from '../net/api.js';
import { PageFrame } from '../shared/page-frame.js';
import { openDialog } from '../ui/dialogs.js';
import { h, icon } from '../ui/dom.js';
import { toast, toastError } from '../ui/toasts.js';

/** The functions of `app` for pages of answers that made no version, such as those of an imported chat. */
export function loosePageActions(page) {
  return {
    /** Show such a page; `path` is its address. */
    viewPage(path) {
      const frame = h('iframe', { class: 'loose-page', sandbox: 'allow-scripts', referrerpolicy: 'no-referrer', title: 'The page' });
      const scripts = h('button', { type: 'button', class: 'button', hidden: true }, icon('play'), 'Run this page’s scripts');
      openDialog('A page of this chat', (close) => [frame,
        h('div', { class: 'dialog-actions' }, scripts, h('button', { type: 'button', class: 'button primary', autofocus: true, onclick: () => close(null) }, 'Close'))]);
      frame.closest('dialog').classList.add('wide');
      new PageFrame(frame, scripts).show(path);
    },
    async usePage(html) {
      const website = await chooseWebsite(page.website);
      if (!website) return;
      try {
        const { version } = await request('POST', `/api/websites/${website.id}/versions`, { page: html, summary: `From the chat “${page.current.chat?.title ?? 'New chat'}”`.slice(0, 200) });
        if (website.id === page.website.id) await showNewVersion(page, version);
        const open = website.id === page.website.id ? null : { label: 'Open it', run: () => location.assign(`/websites/${website.id}`) };
        toast(`Version ${version.number} of ${website.name}`, { action: open, seconds: 8 });
      } catch (error) {
        toastError(error);
      }
    },
  };
}

async function showNewVersion({ versions, panes }, { id }) {
  await versions.load();
  versions.show(id);
  panes.show('preview');
}

/** Ask for one of the websites, `current` at first; resolves null when the dialog is cancelled. */
async function chooseWebsite(current) {
  const found = await listAll('/api/websites', 'websites').catch((error) => toastError(error));
  if (!found) return null;
  return openDialog('Use as a version of…', (close) => {
    const select = h('select', { class: 'input', id: 'use-website' }, found.map(({ id, name }) => h('option', { value: id, selected: id === current.id }, name)));
    const submit = (event) => {
      event.preventDefault();
      close(found.find(({ id }) => id === select.value));
    };
    return [h('form', { class: 'stack', onsubmit: submit },
      h('p', {}, 'The page becomes the website’s newest version. The versions before it are kept.'),
      h('div', { class: 'field' }, h('label', { for: 'use-website' }, 'Website'), select),
      h('div', { class: 'dialog-actions' },
        h('button', { type: 'button', class: 'button quiet', onclick: () => close(null) }, 'Cancel'),
        h('button', { type: 'submit', class: 'button primary' }, 'Make it a version')))];
  });
}
