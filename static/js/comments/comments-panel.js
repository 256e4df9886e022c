import { nameOf } from '../builder/site-pages.js';
import { listAll, request } from '../net/api.js';
import { readSource } from '../pointing/read-source.js';
import { confirmAction } from '../ui/dialogs.js';
import { find, h, icon, iconButton } from '../ui/dom.js';
import { toastError } from '../ui/toasts.js';
import { authorOf, threadView } from './thread-view.js';
import { CommentedPage } from './commented-page.js';
import { threadsOf, threadsOn } from './threads.js';

/** What clients said about a website's pages, below the preview, where pins mark the elements: the owner asks about it, replies and resolves. */
export class CommentsPanel {
  #root = find('#comments');
  #list = h('ol', { class: 'comment-threads' });
  #comments = [];
  #page;
  #source = null;
  #key = null;
  #stopped = new AbortController();

  /** `owner` is the OwnerComments. */
  constructor(owner) {
    const { website, versions, preview } = owner.page;
    Object.assign(this, { owner, versions, preview, address: `/api/websites/${website.id}/page-comments` });
    this.#root.replaceChildren(h('header', { class: 'comments-bar' }, h('h2', {}, 'Comments'), iconButton('close', 'Close the comments', () => owner.close())), this.#list);
    this.#root.hidden = false;
    this.#page = new CommentedPage(find('#preview-stage'), owner.address);
    this.#page.addEventListener('selected', ({ detail }) => this.#selected(detail));
    this.#page.addEventListener('leave', () => owner.close());
    versions.addEventListener('change', () => this.#follow(), { signal: this.#stopped.signal });
    this.load();
  }

  close() {
    this.#stopped.abort();
    this.#page.remove();
    this.#root.hidden = true;
    this.#root.replaceChildren();
    this.preview.goTo(this.preview.place);
  }

  async load() {
    try {
      this.#take(await listAll(this.address, 'comments'));
      this.#follow();
    } catch (error) {
      toastError(error);
    }
  }

  get #threads() {
    return threadsOf(this.#comments);
  }

  #take(comments) {
    if (this.#stopped.signal.aborted) return;
    this.#comments = comments;
    this.owner.tell({ unread: comments.filter((comment) => !comment.is_read).length, areSome: comments.length > 0 });
    this.#mark();
    this.#draw();
  }

  // The page that is shown, with its pins.
  async #follow() {
    const { shownId } = this.versions;
    const { path } = this.preview;
    if (!shownId || (this.#source?.versionId === shownId && this.#source.path === path)) return;
    try {
      const source = await readSource(shownId, path);
      if (this.#stopped.signal.aborted || this.versions.shownId !== shownId || this.preview.path !== path) return;
      this.#source = source;
      this.#page.show(this.#source, this.#here, this.#here.find(({ key }) => key === this.#key));
    } catch (error) {
      // The preview turns to a page that there is.
      if (error.code !== 'not_found') toastError(error);
    }
  }

  /** Those of the page that is shown. */
  get #here() {
    return this.#source ? threadsOn(this.#threads, this.#source.path, this.#source.versionId) : [];
  }

  #mark() {
    this.#page.setPins(this.#here);
  }

  #selected(selection) {
    const thread = selection && this.#here.find((each) => this.#page.isAbout(each, selection.place));
    if (!thread || thread.key === this.#key) return;
    this.#key = thread.key;
    this.#read(thread);
    this.#draw();
    this.#root.querySelector('.is-selected')?.scrollIntoView({ block: 'nearest' });
  }

  #open(thread) {
    this.#key = this.#key === thread.key ? null : thread.key;
    this.#draw();
    if (!this.#key) return;
    this.#read(thread);
    if (this.#here.some(({ key }) => key === thread.key)) return this.#page.select(thread);
    if (thread.versionId === this.versions.shownId) return this.preview.showPage(thread.path);
    this.preview.turnTo(thread.path);
    this.versions.show(thread.versionId, { isAsked: true });
  }

  #read(thread) {
    const unread = thread.comments.filter((comment) => !comment.is_read);
    if (unread.length) this.#change(unread, { is_read: true });
  }

  /** Set marks of comments, here at once. */
  async #change(comments, marks) {
    const ids = new Set(comments.map(({ id }) => id));
    this.#take(this.#comments.map((comment) => (ids.has(comment.id) ? { ...comment, ...marks } : comment)));
    await this.#save(...comments.map(({ id }) => request('PATCH', `/api/page-comments/${id}`, marks)));
  }

  async #save(...requests) {
    try {
      await Promise.all(requests);
    } catch (error) {
      toastError(error);
      this.load();
    }
  }

  #ask({ versionId, path, start, end, comments }) {
    const { panes, composer } = this.owner.page;
    const said = comments.filter(({ author }) => author !== null).map((comment) => `${authorOf(comment)} says: “${comment.text}”`);
    this.owner.close();
    panes.show('chat');
    composer.takeBack(said.join('\n'), { version_id: versionId, path, start, end });
  }

  async #delete(comment) {
    if (!(await confirmAction({ title: 'Delete this comment?', text: 'Nobody sees it any more, also not whoever wrote it.', action: 'Delete' }))) return;
    this.#take(this.#comments.filter(({ id }) => id !== comment.id));
    await this.#save(request('DELETE', `/api/page-comments/${comment.id}`));
  }

  async #reply(thread, event) {
    event.preventDefault();
    const box = event.target.querySelector('textarea');
    try {
      const { comment } = await request('POST', `/api/page-comments/${thread.comments[0].id}/replies`, { text: box.value });
      box.value = '';
      this.#take([comment, ...this.#comments]);
    } catch (error) {
      toastError(error);
    }
  }

  #draw() {
    // What is being written stays.
    const draft = this.#list.querySelector('textarea')?.value ?? '';
    const threads = this.#threads.reverse().sort((a, b) => a.isResolved - b.isResolved);
    this.#list.replaceChildren(...threads.map((thread) => threadView(thread, {
      isSelected: thread.key === this.#key,
      where: `${nameOf(thread.path)}, version ${thread.comments[0].version_number}`,
      select: () => this.#open(thread),
      more: () => this.#more(thread, draft),
      besides: (comment) => iconButton('trash', 'Delete this comment', () => this.#delete(comment)),
    })));
    if (!threads.length) this.#list.replaceChildren(h('li', { class: 'hint comment-hint' }, 'Nobody has said anything yet. Whoever has a link to your pages can comment on them.'));
  }

  #more(thread, draft) {
    const said = thread.comments.filter(({ author }) => author !== null);
    return h('div', { class: 'comment-more' },
      h('div', { class: 'comment-actions' },
        h('button', { type: 'button', class: 'button small primary', onclick: () => this.#ask(thread) }, icon('chat'), 'Ask about this'),
        h('button', { type: 'button', class: 'button small', onclick: () => this.#change(said, { is_resolved: !thread.isResolved }) }, icon('check'), thread.isResolved ? 'Reopen' : 'Resolve')),
      h('form', { class: 'comment-reply', onsubmit: (event) => this.#reply(thread, event) },
        h('textarea', { class: 'input', rows: 1, maxlength: 2000, required: true, 'aria-label': 'Your reply', placeholder: 'Reply, to be seen by everybody with the link' }, draft),
        h('button', { type: 'submit', class: 'button small' }, 'Reply')));
  }
}
