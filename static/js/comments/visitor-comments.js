import { nameOf } from '../builder/site-pages.js';
import { request } from '../net/api.js';
import { Source } from '../pointing/source.js';
import { announce } from '../ui/announce.js';
import { find, h, iconButton } from '../ui/dom.js';
import { toast, toastError } from '../ui/toasts.js';
import { CommentedPage } from './commented-page.js';
import { threadView } from './thread-view.js';
import { threadsOf, threadsOn } from './threads.js';

const NAME = 'sitethread.commenter';

/** Comments of whoever has a link: an element is clicked, and something said about it, under a name. */
export class VisitorComments {
  #root = find('#comments');
  #list = h('ol', { class: 'comment-threads' });
  #hint = h('div', { class: 'comment-hint' });
  #form;
  #about = h('p', { class: 'comment-about' });
  #name = h('input', { class: 'input', id: 'comment-name', maxlength: 60, required: true, autocomplete: 'name' });
  #text = h('textarea', { class: 'input', id: 'comment-text', maxlength: 2000, rows: 3, required: true });
  #send = h('button', { class: 'button primary small', type: 'submit' }, 'Send the comment');
  #page;
  #selected = null;
  #thread = null;
  #shown = null;

  /** `shared` is the SharedPage. */
  constructor(shared) {
    this.shared = shared;
    this.#name.value = localStorage.getItem(NAME) ?? '';
    this.#form = h('form', { class: 'stack comment-form', hidden: true, onsubmit: (event) => this.#submit(event) }, this.#about,
      h('div', { class: 'field' }, h('label', { for: 'comment-name' }, 'Your name'), this.#name),
      h('div', { class: 'field' }, h('label', { for: 'comment-text' }, 'Comment'), this.#text), this.#send);
    this.#root.replaceChildren(
      h('header', { class: 'comments-bar' }, h('h2', {}, 'Comments'), iconButton('close', 'Close the comments', () => this.shared.closeComments())),
      this.#hint, this.#form, this.#list);
    this.#root.hidden = false;
    this.#page = new CommentedPage(find('#shared-page-stage'), `${shared.data.previewOrigin ?? ''}/preview-frame?edit=on`);
    this.#page.addEventListener('selected', ({ detail }) => this.#select(detail));
    this.#page.addEventListener('leave', () => this.shared.closeComments());
    this.#page.addEventListener('comment', () => !this.#form.hidden && this.#text.focus());
    this.follow();
    this.#refresh();
  }

  /** Show the page that is shown now. */
  async follow() {
    const { path } = this.shared;
    const query = encodeURIComponent(path);
    this.#select(null);
    try {
      const [page, files] = await Promise.all([request('GET', `${this.#address}/elements?page=${query}`), request('GET', `/preview/shared-pages/${this.shared.data.token}/files?page=${query}`)]);
      if (this.shared.path !== path) return;
      this.#shown = path;
      this.#page.show(new Source(page, files), this.#threads);
      this.#offerSections();
    } catch (error) {
      toastError(error);
    }
  }

  close() {
    this.#page.remove();
    this.#root.hidden = true;
    this.#root.replaceChildren();
  }

  get #address() {
    return `/api/shared-pages/${this.shared.data.token}`;
  }

  get #all() {
    return threadsOf(this.shared.data.comments);
  }

  get #threads() {
    return threadsOn(this.#all, this.shared.path);
  }

  async #refresh() {
    const { comments } = await request('GET', `${this.#address}/comments`).catch(() => ({ comments: this.shared.data.comments }));
    this.#take(comments);
  }

  #take(comments) {
    this.shared.data.comments = comments;
    this.shared.countComments();
    if (this.#shown === this.shared.path) this.#page.setPins(this.#threads);
    this.#draw();
  }

  #select(selection) {
    this.#selected = selection;
    this.#thread = selection && (this.#threads.find((thread) => this.#page.isAbout(thread, selection.place))?.key ?? null);
    this.#form.hidden = selection === null;
    if (selection) {
      this.#about.textContent = `About: ${selection.label}`;
      announce(`Selected: ${selection.label}`);
      // The button that was pressed goes.
      if (this.#hint.contains(document.activeElement)) (this.#name.value ? this.#text : this.#name).focus();
    }
    this.#draw();
  }

  async #submit(event) {
    event.preventDefault();
    if (this.#send.getAttribute('aria-busy') === 'true') return;
    this.#send.setAttribute('aria-busy', 'true');
    const { path, start, end } = this.#selected.place;
    try {
      const { comments } = await request('POST', `${this.#address}/comments`, { path, start, end, author: this.#name.value, text: this.#text.value });
      localStorage.setItem(NAME, this.#name.value);
      this.#text.value = '';
      this.#take(comments);
      this.#select(this.#selected);
      this.#list.querySelector('.is-selected')?.scrollIntoView({ block: 'nearest' });
      toast('Your comment was sent');
    } catch (error) {
      toastError(error);
    } finally {
      this.#send.removeAttribute('aria-busy');
    }
  }

  #open(thread) {
    this.#thread = thread.key;
    if (thread.path !== this.shared.path) this.shared.show(thread.path);
    else this.#page.select(thread);
    this.#draw();
  }

  // Once for each page: whoever is on one of these buttons stays there when comments arrive.
  #offerSections() {
    this.#hint.replaceChildren(h('p', { class: 'hint' }, 'Click what you want to say something about, in the page, or choose a part of it:'),
      h('div', { class: 'comment-sections' }, this.#page.sections.map(({ label, select }) => h('button', { type: 'button', class: 'edit-crumb is-section', onclick: select }, label))));
  }

  #draw() {
    this.#hint.hidden = this.#selected !== null;
    const several = this.shared.data.pages.length > 1;
    this.#list.replaceChildren(...this.#all.map((thread) => threadView(thread, {
      isSelected: thread.key === this.#thread,
      where: several ? `on ${nameOf(thread.path)}` : '',
      select: () => this.#open(thread),
    })));
  }
}
