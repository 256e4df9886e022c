import { request } from '../net/api.js';
import { INDEX } from '../preview/destinations.js';
import { askForText, confirmAction } from '../ui/dialogs.js';
import { find, h, iconButton } from '../ui/dom.js';
import { toast, toastError, toastWithUndo } from '../ui/toasts.js';
import { nameOf } from './site-pages.js';

/** The list of the pages of the shown version, below a button with the name of the one in the preview. They are added, renamed and deleted here. */
export class PageList {
  #button = find('#pages-button');
  #label = find('#pages-label');
  #panel = find('#pages');
  #list = find('#page-list');

  /** `page` has the components of the builder page. */
  constructor(page) {
    this.page = page;
    page.versions.addEventListener('change', () => this.#draw());
    this.#panel.addEventListener('toggle', (event) => this.#toggled(event));
    find('#add-page').addEventListener('click', () => this.#change(() => this.#add()));
  }

  get #isOpen() {
    return this.#panel.matches(':popover-open');
  }

  async #draw() {
    const { versions, preview } = this.page;
    const { shownId } = versions;
    const { path } = preview;
    this.#button.hidden = versions.find(shownId) === null;
    this.#setLabel(nameOf(path));
    if (this.#button.hidden || (path === INDEX && !this.#isOpen)) return;
    try {
      const { pages } = await request('GET', `/api/versions/${shownId}/pages`);
      if (versions.shownId !== shownId || preview.path !== path) return;
      this.#setLabel(nameOf(path, pages.find((one) => one.path === path)?.title));
      if (this.#isOpen) this.#list.replaceChildren(...pages.map((one) => this.#row(one, one.path === path)));
    } catch (error) {
      if (this.#isOpen) toastError(error);
    }
  }

  #setLabel(name) {
    this.#label.textContent = name;
    this.#button.setAttribute('aria-label', `Page: ${name}`);
  }

  #row({ path, title }, isShown) {
    const name = nameOf(path, title);
    const show = () => {
      this.#panel.hidePopover();
      this.page.preview.showPage(path);
    };
    return h('li', { class: `page-row${isShown ? ' is-shown' : ''}` },
      h('button', { type: 'button', class: 'page-view', 'aria-current': isShown ? 'page' : null, onclick: show }, h('span', { class: 'page-name' }, name), h('span', { class: 'page-path' }, path)),
      path === INDEX ? '' : iconButton('pencil', `Rename ${name}`, () => this.#change(() => this.#rename(path, name))),
      path === INDEX ? '' : iconButton('trash', `Delete ${name}`, () => this.#change(() => this.#delete(path, name))));
  }

  #change(run) {
    const { versions, app } = this.page;
    this.#panel.hidePopover();
    if (!versions.isNewestShown) return toast('This is an older version. Restore it, or show the newest, to change its pages.', { tone: 'problem' });
    return app.whenIdle(async () => {
      try {
        await run();
      } catch (error) {
        toastError(error);
      }
      this.#button.focus();
    });
  }

  async #add() {
    const name = await askForText({ title: 'Add a page', label: 'Name', placeholder: 'About us', action: 'Add the page', limit: 80 });
    if (!name) return;
    const made = await this.#request('POST', { name });
    this.#show(made.version, made.path);
    toast(`Added ${name}. Ask for a link to it in the menu, or for what should be on it.`, { seconds: 8 });
  }

  async #rename(path, name) {
    const asked = await askForText({ title: `Rename ${name}`, label: 'Address within the site', value: path, action: 'Rename the page', limit: 200 });
    if (!asked || asked === path) return;
    const newPath = /\.html?$/i.test(asked) ? asked : `${asked}.html`;
    const { version } = await this.#request('PATCH', { path, new_path: newPath });
    this.#show(version, this.page.preview.path === path ? newPath : this.page.preview.path);
    toast(`Renamed to ${newPath}; all links lead there.`);
  }

  async #delete(path, name) {
    const text = `Links to ${path} on other pages stay, and lead nowhere then. Undo brings the page back.`;
    if (!(await confirmAction({ title: `Delete the page ${name}?`, text, action: 'Delete the page' }))) return;
    const { version, links } = await this.#request('DELETE', { path });
    this.#show(version, this.page.preview.path === path ? INDEX : this.page.preview.path);
    const left = links ? ` ${links === 1 ? '1 link leads' : `${links} links lead`} to ${path} still.` : '';
    toastWithUndo(`Deleted ${name}.${left}`, () => find('#undo').click());
  }

  #request(method, body) {
    const { website, versions } = this.page;
    return request(method, `/api/websites/${website.id}/pages`, { base_version_id: versions.rows[0].id, ...body });
  }

  #show(version, path) {
    this.page.preview.turnTo(path);
    this.page.versions.add(version);
  }

  #toggled(event) {
    const isOpen = event.newState === 'open';
    this.#button.setAttribute('aria-expanded', String(isOpen));
    if (!isOpen) return;
    const anchor = this.#button.getBoundingClientRect();
    this.#panel.style.setProperty('top', `${anchor.bottom + 6}px`);
    this.#panel.style.setProperty('left', `${Math.max(8, Math.min(anchor.left, innerWidth - this.#panel.offsetWidth - 8))}px`);
    this.#draw().then(() => find('[aria-current]', this.#list)?.focus());
  }
}
