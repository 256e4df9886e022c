import { find, h } from '../ui/dom.js';
import { toastError } from '../ui/toasts.js';
import { request } from '../net/api.js';

/** The button of the comments that clients left on shared pages, with how many are new. Their panel is loaded when it is first needed. */
export class OwnerComments {
  #button = find('#comments-button');
  #count = find('#comments-count');
  #panel = null;

  /** `page` has the components of the builder page. */
  constructor(page, previewOrigin) {
    this.page = page;
    this.address = `${previewOrigin ?? ''}/preview-frame?edit=on`;
    this.#button.addEventListener('click', () => (this.#panel ? this.close() : this.open()));
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.#look());
    this.#look();
  }

  async open() {
    try {
      const { CommentsPanel } = await import('./comments-panel.js');
      if (this.#panel) return;
      this.page.byHand.leave();
      this.#panel = new CommentsPanel(this);
      this.#button.setAttribute('aria-pressed', 'true');
    } catch (error) {
      toastError(error);
    }
  }

  close() {
    if (!this.#panel) return;
    this.#panel.close();
    this.#panel = null;
    this.#button.setAttribute('aria-pressed', 'false');
    if (document.activeElement === document.body) this.#button.focus();
  }

  /** Say how many are new, and offer the comments as soon as there is one. */
  tell({ unread, areSome }) {
    this.#button.hidden = !areSome;
    this.#count.hidden = unread === 0;
    this.#count.replaceChildren(String(unread), h('span', { class: 'visually-hidden' }, ' new'));
  }

  async #look() {
    const { unread, comments } = await request('GET', `/api/websites/${this.page.website.id}/page-comments?limit=1`).catch(() => ({ unread: 0, comments: [] }));
    this.tell({ unread, areSome: comments.length > 0 });
    this.#panel?.load();
  }
}
