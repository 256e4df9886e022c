import { find } from '../ui/dom.js';
import { toast, toastError } from '../ui/toasts.js';

/** Begins and ends edit mode, whose modules are loaded when they are first needed. */
export class EditButton {
  #button = find('#edit-page');
  #mode = null;

  /** `page` has the components of the builder page. */
  constructor(page, previewOrigin) {
    this.page = page;
    this.address = `${previewOrigin ?? ''}/preview-frame?edit=on`;
    this.#button.addEventListener('click', () => this.toggle());
    page.versions.addEventListener('change', () => { this.#button.hidden = page.versions.find(page.versions.shownId) === null; });
  }

  get isOn() {
    return this.#mode !== null;
  }

  toggle() {
    if (this.isOn) return this.leave();
    if (this.#button.hidden) return;
    const { versions } = this.page;
    if (versions.shownId !== versions.rows[0]?.id) return toast('This is an older version. Restore it, or show the newest, to edit the page.', { tone: 'problem' });
    return this.page.app.whenIdle(() => this.#begin());
  }

  leave() {
    const mode = this.#mode;
    if (!mode) return;
    this.#mode = null;
    this.#draw();
    mode.leave();
    if (document.activeElement === document.body) this.#button.focus();
  }

  async #begin() {
    const { website, versions, preview, panes, composer } = this.page;
    try {
      const { EditMode } = await import('../pointing/edit-mode.js');
      if (this.isOn) return;
      panes.show('preview');
      this.#mode = new EditMode({ websiteId: website.id, versions, preview, address: this.address }, {
        ask: (label, target) => {
          panes.show('chat');
          composer.askAbout(label, target);
        },
        leave: () => this.leave(),
        keep: (text) => composer.takeBack(text),
      });
      this.#draw();
    } catch (error) {
      toastError(error);
    }
  }

  #draw() {
    this.#button.setAttribute('aria-pressed', String(this.isOn));
    this.#button.classList.toggle('is-on', this.isOn);
  }
}
