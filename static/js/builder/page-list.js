import { request } from '../net/api.js';
import { INDEX } from '../preview/destinations.js';
import { askForText, confirmAction } from '../ui/dialogs.js';
import { announce } from '../ui/announce.js';
import { find, h, iconButton } from '../ui/dom.js';
import { toast, toastError, toastOfPage } from '../ui/toasts.js';
import { nameOf } from './site-pages.js';

/** The list of the pages of the shown version, below a button with the name of the one in the preview. They are added, renamed and deleted here. */
export class PageList {
  #button = find('#pages-button');
  #label = find('#pages-label');
  #panel = find('#pages');
  #list = find('#page-list');
  /** Which page is being moved, and by how many places. */
  #moved = null;

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
      if (!this.#isOpen) return;
      const movable = pages.filter((one) => one.in_menu);
      this.#list.replaceChildren(...pages.map((one) => this.#row(one, one.path === path, movable)));
      this.#focusMoved();
    } catch (error) {
      if (this.#isOpen) toastError(error);
    }
  }

  #setLabel(name) {
    this.#label.textContent = name;
    this.#button.setAttribute('aria-label', `Page: ${name}`);
  }

  #row({ path, title, in_menu: isInMenu }, isShown, movable) {
    const name = nameOf(path, title);
    const isOutside = path !== INDEX && !isInMenu;
    const show = () => {
      this.#panel.hidePopover();
      this.page.preview.showPage(path);
    };
    return h('li', { class: `page-row${isShown ? ' is-shown' : ''}` },
      h('button', { type: 'button', class: 'page-view', 'aria-current': isShown ? 'page' : null, onclick: show }, h('span', { class: 'page-name' }, name), h('span', { class: 'page-path' }, isOutside ? `${path}, not in the menu` : path)),
      isOutside ? iconButton('plus', `Add ${name} to the menu`, () => this.#change(() => this.#addToMenu(path, name))) : '',
      ...this.#moves(path, name, movable),
      path === INDEX ? '' : iconButton('pencil', `Rename ${name}`, () => this.#change(() => this.#rename(path, name))),
      path === INDEX ? '' : iconButton('trash', `Delete ${name}`, () => this.#change(() => this.#delete(path, name))));
  }

  /** The buttons that move a page among those of the menu. */
  #moves(path, name, movable) {
    const place = movable.findIndex((one) => one.path === path);
    const button = (icon, label, by) => {
      if (place < 0 || !movable[place + by]) return '';
      const made = iconButton(icon, `${label} ${name}`, () => this.#move(movable, place, by, name));
      made.dataset.move = `${path} ${by}`;
      return made;
    };
    return [button('up', 'Move up', -1), button('down', 'Move down', 1)];
  }

  #move(movable, place, by, name) {
    const paths = movable.map((one) => one.path);
    [paths[place], paths[place + by]] = [paths[place + by], paths[place]];
    return this.#change(async () => {
      const { version } = await this.#request('PUT', { paths }, '/order');
      this.#moved = { path: paths[place + by], by };
      this.page.versions.add(version);
      announce(`${name} is number ${place + by + 1} in the menu now.`);
    }, { staysOpen: true });
  }

  /** Keep the focus on the page that was moved: on the button that was pressed, else on the other one. */
  #focusMoved() {
    if (!this.#moved) return;
    const { path, by } = this.#moved;
    this.#moved = null;
    const buttons = [by, -by].map((one) => this.#list.querySelector(`[data-move="${CSS.escape(`${path} ${one}`)}"]`));
    buttons.find(Boolean)?.focus();
  }

  #change(run, { staysOpen = false } = {}) {
    const { versions, app } = this.page;
    if (!staysOpen || !versions.isNewestShown) this.#panel.hidePopover();
    if (!versions.isNewestShown) return toast('This is an older version. Restore it, or show the newest, to change its pages.', { tone: 'problem' });
    return app.whenIdle(async () => {
      try {
        await run();
      } catch (error) {
        toastError(error);
      }
      if (!staysOpen) this.#button.focus();
    });
  }

  async #add() {
    const name = await askForText({ title: 'Add a page', label: 'Name', placeholder: 'About us', action: 'Add the page', limit: 80 });
    if (!name) return;
    const made = await this.#request('POST', { name });
    this.#show(made.version, made.path);
    toast(`Added ${name}. Ask for what should be on it. The list of pages puts it into the menu.`, { seconds: 8 });
  }

  async #addToMenu(path, name) {
    const words = await askForText({ title: 'Add to the menu', label: 'Words of the link', value: name, action: 'Add to the menu', limit: 80 });
    if (!words) return;
    const { version } = await this.#request('POST', { path, name: words }, '/menu');
    this.page.versions.add(version);
    toastOfPage(`${words} is the last in the menu now. Move it in the list of pages.`);
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
    const text = `It goes from the menus, too. Other links to ${path} stay, and lead nowhere then. Undo brings all of it back.`;
    if (!(await confirmAction({ title: `Delete the page ${name}?`, text, action: 'Delete the page' }))) return;
    const { version, links, menus } = await this.#request('DELETE', { path });
    this.#show(version, this.page.preview.path === path ? INDEX : this.page.preview.path);
    const left = links ? ` ${links === 1 ? '1 link leads' : `${links} links lead`} to ${path} still.` : '';
    toastOfPage(`Deleted ${name}${menus ? ', also from the menu' : ''}.${left}`);
  }

  #request(method, body, below = '') {
    const { website, versions } = this.page;
    return request(method, `/api/websites/${website.id}/pages${below}`, { base_version_id: versions.rows[0].id, ...body });
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
