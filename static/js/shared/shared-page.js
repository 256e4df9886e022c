import { PreviewNote } from '../builder/preview-note.js';
import { nameOf } from '../builder/site-pages.js';
import { fileAt, INDEX } from '../preview/destinations.js';
import { find, h } from '../ui/dom.js';
import { toastError } from '../ui/toasts.js';
import { PageFrame } from './page-frame.js';

/** The pages behind a link: links between them work, and what is in them can be commented on. */
export class SharedPage {
  #element = find('.shared-page-frame');
  #frame;
  #note = new PreviewNote();
  #choice = find('#shared-pages');
  #button = find('#comments-button');
  #comments = null;

  /** `data` is what the server put into the page. */
  constructor(data) {
    this.data = data;
    this.path = data.path;
    this.#frame = new PageFrame(this.#element, find('[data-run-scripts]'), (link) => this.#follow(link));
    this.#choice.append(...data.pages.map((path) => h('option', { value: path }, nameOf(path))));
    this.#choice.addEventListener('change', () => this.show(this.#choice.value));
    addEventListener('popstate', () => this.#show(new URLSearchParams(location.search).get('page') ?? INDEX));
    this.#button.addEventListener('click', () => this.#toggleComments());
    this.countComments();
    this.#show(this.path);
  }

  /** Show another page of the version. */
  show(path, anchor = '') {
    if (path !== this.path) history.pushState(null, '', `${location.pathname}${queryOf(path)}`);
    this.#show(path, anchor);
  }

  countComments() {
    const count = find('#comments-count');
    count.hidden = this.data.comments.length === 0;
    count.textContent = String(this.data.comments.length);
  }

  #show(path, anchor = '') {
    this.path = path;
    this.#choice.value = path;
    this.#note.hide();
    this.#frame.show(`${this.#element.dataset.preview}${queryOf(path)}`, anchor);
    this.#comments?.follow();
  }

  // Only somebody's press leads on: two pages could lead to each other without end.
  #follow(link) {
    const path = link.kind === 'site' ? fileAt(link.address) : '';
    const mayFollow = this.data.pages.includes(path) && navigator.userActivation?.isActive !== false;
    if (!mayFollow) return this.#note.explain(link);
    this.show(path, link.address.split('#')[1] ?? '');
  }

  async #toggleComments() {
    if (this.#comments) return this.closeComments();
    try {
      const { VisitorComments } = await import('../comments/visitor-comments.js');
      this.#comments ??= new VisitorComments(this);
      this.#button.setAttribute('aria-expanded', 'true');
    } catch (error) {
      toastError(error);
    }
  }

  closeComments() {
    this.#comments?.close();
    this.#comments = null;
    this.#button.setAttribute('aria-expanded', 'false');
    this.#button.focus();
  }
}

const queryOf = (path) => (path === INDEX ? '' : `?page=${encodeURIComponent(path)}`);
