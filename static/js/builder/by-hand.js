import { openGallery } from '../pictures/gallery.js';
import { find } from '../ui/dom.js';
import { toast, toastError } from '../ui/toasts.js';

/** The ways to change the page by hand, one at a time: edit mode and the editor of its code. Their modules are loaded when they are first needed. */
export class ByHand {
  #buttons = { edit: find('#edit-page'), code: find('#edit-code') };
  #name = null;
  #mode = null;

  /** `page` has the components of the builder page. */
  constructor(page, previewOrigin) {
    this.page = page;
    this.address = `${previewOrigin ?? ''}/preview-frame?edit=on`;
    for (const [name, button] of Object.entries(this.#buttons)) button.addEventListener('click', () => this.toggle(name));
    page.versions.addEventListener('change', () => {
      for (const button of Object.values(this.#buttons)) button.hidden = page.versions.find(page.versions.shownId) === null;
    });
  }

  /** Begin `edit` or `code` instead of what is on, or end it. */
  toggle(name) {
    if (this.#name === name) return this.leave();
    if (this.#buttons[name].hidden) return;
    const { versions } = this.page;
    if (!versions.isNewestShown) return toast('This is an older version. Restore it, or show the newest, to edit the page.', { tone: 'problem' });
    this.leave();
    return this.page.app.whenIdle(() => this.#begin(name));
  }

  /** Show a page of the newest version; with a place of its source, in code points, the element that begins there is selected in edit mode. */
  showPart(path, start = null) {
    const { versions, preview, panes } = this.page;
    this.leave();
    if (!versions.isNewestShown) versions.show(versions.rows[0].id);
    panes.show('preview');
    if (preview.path !== path) preview.showPage(path);
    if (start !== null) this.page.app.whenIdle(() => this.#begin('edit', start));
  }

  /** A page is being written, and shown in place of the one that is edited. */
  leaveEditMode() {
    if (this.#name === 'edit') this.leave();
  }

  leave() {
    const [name, mode] = [this.#name, this.#mode];
    if (!mode) return;
    this.#set(null, null);
    mode.leave();
    if (document.activeElement === document.body) this.#buttons[name].focus();
    // Where the button is in the menu.
    if (document.activeElement === document.body) find('#preview-menu').focus();
  }

  async #begin(name, start = null) {
    try {
      const begin = name === 'edit' ? await this.#edit(start) : await this.#code();
      if (this.#mode) return;
      this.page.panes.show('preview');
      this.page.comments.close();
      this.#set(name, begin());
    } catch (error) {
      toastError(error);
    }
  }

  async #edit(start) {
    const { EditMode } = await import('../pointing/edit-mode.js');
    const { website, versions, preview, panes, composer, pictures } = this.page;
    return () => new EditMode({ websiteId: website.id, versions, preview, address: this.address, start }, {
      ask: (label, target) => {
        panes.show('chat');
        composer.askAbout(label, target);
      },
      choosePicture: (choose) => openGallery(pictures, { choose }),
      leave: () => this.leave(),
      keep: (text) => composer.takeBack(text),
    });
  }

  async #code() {
    const { CodeEditor } = await import('../code/code-editor.js');
    const { website, versions, preview } = this.page;
    return () => new CodeEditor({ websiteId: website.id, versions, shownPath: preview.path }, { leave: () => this.leave() });
  }

  #set(name, mode) {
    this.#name = name;
    this.#mode = mode;
    for (const [each, button] of Object.entries(this.#buttons)) {
      button.setAttribute('aria-pressed', String(each === name));
      button.classList.toggle('is-on', each === name);
    }
  }
}
