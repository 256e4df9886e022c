import { find } from '../ui/dom.js';
import { toastError } from '../ui/toasts.js';
import { Publication, stateOf } from './publication.js';

const WORDS = { offline: 'Publish', current: 'Published', behind: 'Update' };
const TITLES = { offline: 'Show this website to everybody', current: 'Everybody sees the newest version', behind: 'Everybody sees an older version' };

/** The button in the head of the preview that says what everybody sees, and opens the dialog. Its modules are loaded when they are first needed. */
export class PublishButton {
  #button = find('#publish');
  #label = find('#publish-label');

  /** `page` has the components of the builder page. */
  constructor(page, previewOrigin) {
    this.page = page;
    this.address = `${previewOrigin ?? ''}/preview-frame?check=on`;
    this.publication = new Publication(page.website.id);
    /** What the last checks found: {versionId, report}. */
    this.checked = null;
    /** The address that was typed last. */
    this.wantedSlug = null;
    this.publication.addEventListener('change', () => this.#draw());
    page.versions.addEventListener('change', () => this.#draw());
    this.#button.addEventListener('click', () => this.open());
    this.publication.load().catch(() => {});
  }

  #draw() {
    const { versions, preview } = this.page;
    this.#button.hidden = versions.rows.length === 0 || (preview.isEmpty && !this.publication.current);
    const state = stateOf(this.publication.current, versions.rows[0]?.id);
    this.#button.dataset.state = state;
    this.#button.title = TITLES[state];
    this.#label.textContent = WORDS[state];
  }

  async open() {
    try {
      const { PublishDialog } = await import('./publish-dialog.js');
      if (!this.publication.isLoaded) await this.publication.load();
      await new PublishDialog(this).open();
    } catch (error) {
      toastError(error);
    }
  }
}
