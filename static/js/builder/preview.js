import { request } from '../net/api.js';
import { fileAt, INDEX } from '../preview/destinations.js';
import { find, h } from '../ui/dom.js';
import { hasConnectionAllowlist } from './isolation.js';
import { BeforeAfter } from './before-after.js';
import { previewDevice, previewScripts } from './local-storage.js';
import { isUnfinished, markBegun, markFinished } from './preview-loads.js';
import { tell } from './preview-messages.js';
import { PreviewNote } from './preview-note.js';
import { PreviewWatch } from './preview-watch.js';
import { PreviewWriting } from './preview-writing.js';

const RETRY_AFTER = 5_000;
/** A page that has loaded is shown when it says that it is scrolled to its place, or after so long, in milliseconds. */
const PLACED_WITHIN = 400;
/** A page that leads itself elsewhere more often than this is shown without its scripts. */
const REVIVALS = { most: 2, within: 20_000 };
const WIDTHS = { phone: 390, tablet: 820, desktop: 1280 };

const TROUBLE = {
  unfinished: { title: 'The last preview of this page did not finish loading', detail: 'It stopped responding, or the tab was closed. It is not shown again until you say so.', anyway: 'Show it anyway' },
  silent: { title: 'This page does not respond', detail: 'Something in it takes very long, or never ends. Your chats and versions are not affected.', anyway: 'Wait for it' },
};

/** The shown page of a version beside the chat, in a sandboxed frame, at the width of a phone, a tablet or a desktop. */
export class Preview {
  #stage = find('#preview-stage');
  #empty = find('#preview-empty');
  #trouble = find('#preview-trouble');
  #scripts = find('#page-scripts');
  #device = previewDevice.get() ?? (innerWidth < 640 ? 'phone' : 'desktop');
  #watch = null;
  #withoutScripts = null;
  #revivals = [];
  #hashes = null;
  #isLoading = false;
  #anchor = '';
  #hasNoPage = false;
  note = new PreviewNote();
  /** Called when a version turns out to have a page, or none. */
  onPage = () => {};
  versionId = null;
  /** The path of the shown page. It stays when another version is shown that has it. */
  path = INDEX;
  /** Where the page is scrolled to: the next version begins there. */
  place = { x: 0, y: 0 };

  /** `versions` finds and shows an older version than the one in the preview, and is told by `pageChanged` when another page is shown. */
  constructor(websiteId, versions, { previewOrigin }) {
    this.websiteId = websiteId;
    this.versions = versions;
    this.writing = new PreviewWriting(this.#stage, `${previewOrigin ?? ''}/preview-frame`, { onFrame: () => this.#fit(), files: (path) => this.#files(path) });
    this.beforeAfter = new BeforeAfter(this);
    for (const input of document.querySelectorAll('input[name=device]')) {
      input.checked = input.value === this.#device;
      input.addEventListener('change', () => this.#setDevice(input.value));
    }
    this.#stage.addEventListener('pointermove', () => this.#stage.classList.remove('is-under-drag'));
    new ResizeObserver(() => this.#fit()).observe(this.#stage);
    find('#run-scripts').addEventListener('click', () => this.#runScripts());
    find('#preview-anyway').addEventListener('click', () => this.#showAnyway());
    find('#preview-without-scripts').addEventListener('click', () => this.#showWithoutScripts());
    find('#preview-older').addEventListener('click', () => versions.show(versions.olderThan(this.versionId)));
  }

  /** Load a version in a hidden frame and swap when it has loaded, so that the preview does not flash. */
  show(versionId) {
    if (versionId === this.versionId) return;
    this.versionId = versionId;
    this.#withoutScripts = null;
    this.#revivals = [];
    this.beforeAfter.offer(null);
    this.#empty.hidden = versionId !== null;
    if (!versionId) return this.#clear();
    this.#begin();
  }

  /** Show another page of the version, or the part of it that an anchor names. */
  showPage(path, anchor = '') {
    const isShown = path === this.path && this.frame && !this.#isLoading;
    if (isShown && anchor) return tell(this.frame, { anchor });
    if (isShown) return this.revive(this.versionId);
    this.turnTo(path, anchor);
    this.#begin();
  }

  /** Have the next version that is shown begin with a page. */
  turnTo(path, anchor = '') {
    if (path === this.path && !anchor) return;
    this.path = path;
    this.#anchor = anchor;
    this.#hashes = null;
    this.place = { x: 0, y: 0 };
    this.beforeAfter.offer(null);
    this.versions.pageChanged();
  }

  /** Resolve whether a version has a page. */
  has(path, versionId = this.versionId) {
    return fetch(this.#address(versionId, path), { method: 'HEAD' }).then(({ ok }) => ok, () => false);
  }

  #begin() {
    if (!isUnfinished(this.loadKey)) return this.#load(this.versionId);
    this.#clear();
    this.#showTrouble('unfinished');
  }

  /** What marks of loads are about (preview-loads.js). */
  get loadKey() {
    return this.path === INDEX ? this.versionId : `${this.versionId}/${this.path}`;
  }

  #address(versionId, path, { runsScripts = false } = {}) {
    const asked = { ...(path !== INDEX && { page: path }), ...(runsScripts && { scripts: 'on' }) };
    const query = new URLSearchParams(asked).toString();
    return `/preview/${versionId}${query && `?${query}`}`;
  }

  /** Show a version; load it again if its frame has died. */
  revive(versionId) {
    if (versionId !== this.versionId) return this.show(versionId);
    this.beforeAfter.hide();
    const isKeptOff = !this.#trouble.hidden && this.#trouble.dataset.kind === 'unfinished';
    if (versionId && !this.#isLoading && !isKeptOff && !this.#watch?.isResponsive) this.#load(versionId);
  }

  // The load event also fires for the browser's own error page, so check first that the server responds.
  async #load(versionId) {
    this.#isLoading = true;
    const { path } = this;
    const [status, runsScripts] = await Promise.all([fetch(this.#address(versionId, path), { method: 'HEAD' }).then((response) => response.status, () => 0), this.mayRunScripts()]);
    if (this.versionId !== versionId || this.path !== path) return;
    if (status === 0 || status >= 500) return this.#loadAgain(versionId);
    if (status === 404 && path !== INDEX) {
      this.turnTo(INDEX);
      return this.#begin();
    }
    if (status === 404) return this.#showNoPage();
    this.#setNoPage(false);
    this.#trouble.hidden = true;
    for (const frame of this.#stage.querySelectorAll('.is-loading:not(.is-edited)')) frame.remove();
    const next = this.newFrame(versionId, runsScripts);
    find('#open-page').href = next.getAttribute('src');
    this.#watchFrame(next, versionId, runsScripts);
    this.#stage.append(next);
    this.#fit();
  }

  // A version may have pictures alone.
  #showNoPage() {
    this.#setNoPage(true);
    this.#clear();
    this.#empty.hidden = false;
  }

  #setNoPage(isSo) {
    this.#hasNoPage = isSo;
    this.#stage.parentElement.classList.toggle('has-no-page', isSo);
    this.onPage();
  }

  get isEmpty() {
    return this.versionId === null || this.#hasNoPage;
  }

  /** Files are dragged over a page: have the builder get them, until the pointer moves again. */
  letDragThrough() {
    this.#stage.classList.add('is-under-drag');
  }

  /** Scroll the page to a place. */
  goTo(place) {
    if (this.frame) tell(this.frame, { place });
  }

  addFrame(frame) {
    this.#stage.append(frame);
  }

  newFrame(versionId, runsScripts) {
    const src = this.#address(versionId, this.path, { runsScripts });
    return h('iframe', { class: 'preview-frame is-loading', sandbox: 'allow-scripts', title: 'Preview of your page', src, referrerpolicy: 'no-referrer' });
  }

  async mayRunScripts(versionId = this.versionId) {
    if (this.#withoutScripts === versionId) return false;
    return previewScripts.areAskedFor(this.websiteId) || hasConnectionAllowlist();
  }

  #watchFrame(frame, versionId, runsScripts) {
    this.#watch?.stop();
    const watch = new PreviewWatch(frame);
    this.#watch = watch;
    const on = (type, run) => watch.addEventListener(type, ({ detail }) => run(detail));
    // Shown without its scripts, a page says nothing about what they do.
    const { loadKey } = this;
    const mark = (set) => this.#withoutScripts === versionId || set(loadKey);
    mark(markBegun);
    this.#swapWhenPlaced(frame, watch, versionId);
    on('page', ({ hasScripts }) => this.#showScripts(hasScripts && !runsScripts));
    on('scroll', ({ x, y }) => {
      if (frame !== this.frame) return;
      this.place = { x, y };
      this.beforeAfter.follow();
    });
    on('drag', () => this.letDragThrough());
    on('link', (link) => this.#follow(link));
    on('key', ({ isDown }) => this.beforeAfter.keyIn(frame, isDown));
    on('left', () => this.#reviveLeft(versionId));
    on('well', () => mark(markFinished));
    on('silent', () => {
      mark(markBegun);
      this.#showTrouble('silent', runsScripts);
    });
    on('heard', () => { this.#trouble.hidden = true; });
  }

  // The page is told where to scroll to before it is seen, and afterwards what was on the page before it.
  #swapWhenPlaced(frame, watch, versionId) {
    let hashes = [];
    let isSwapped = false;
    const swap = () => {
      if (isSwapped || this.#watch !== watch) return;
      isSwapped = true;
      this.#swap(frame);
      const { isFollowing } = this.writing;
      this.writing.stop();
      if (this.#hashes) tell(frame, { compareWith: this.#hashes });
      else if (isFollowing) tell(frame, { toTop: true });
      this.#hashes = hashes;
      this.beforeAfter.offer(this.versions.olderThan(versionId));
    };
    const placed = new Promise((resolve) => { watch.addEventListener('placed', resolve, { once: true }); });
    watch.addEventListener('page', ({ detail }) => {
      hashes = detail.hashes;
      this.place = this.#nextPlace();
      tell(frame, this.#anchor ? { anchor: this.#anchor } : { place: this.place });
      this.#anchor = '';
    });
    watch.addEventListener('loaded', () => {
      placed.then(swap);
      setTimeout(swap, PLACED_WITHIN);
    });
  }

  // Where the page was, also when a new one has scrolled along with what was written.
  #nextPlace() {
    const { place, isFollowing } = this.writing;
    return place && !(isFollowing && this.#hashes) ? place : this.place;
  }

  // Only somebody's press leads on: two pages could lead to each other without end.
  async #follow(link) {
    const path = link.kind === 'site' ? fileAt(link.address) : '';
    const mayFollow = /\.html?$/i.test(path) && navigator.userActivation?.isActive !== false;
    if (!mayFollow || !(await this.has(path))) return this.note.explain(link);
    this.note.hide();
    this.showPage(path, link.address.split('#')[1] ?? '');
  }

  #reviveLeft(versionId) {
    const now = Date.now();
    this.#revivals = [...this.#revivals.filter((at) => now - at < REVIVALS.within), now];
    const isOften = this.#revivals.length > REVIVALS.most;
    if (isOften) this.#withoutScripts = versionId;
    this.note.say(isOften ? 'The page keeps leading itself elsewhere, so it is shown without its scripts.' : 'The page led itself elsewhere, so it was loaded again.');
    this.#load(versionId);
  }

  #showTrouble(kind, hasScripts = true) {
    const { title, detail, anyway } = TROUBLE[kind];
    find('#preview-trouble-title').textContent = title;
    find('#preview-trouble-detail').textContent = detail;
    find('#preview-anyway').textContent = anyway;
    find('#preview-without-scripts').hidden = !hasScripts;
    this.#trouble.dataset.kind = kind;
    this.#trouble.hidden = false;
    this.versionsChanged();
  }

  /** Offer an older version once it is known that there is one. */
  versionsChanged() {
    const older = this.versions.olderThan(this.versionId);
    find('#preview-older').hidden = older === null;
    if (!this.#isLoading) this.beforeAfter.offer(older);
  }

  #showScripts(areOff) {
    this.#scripts.hidden = !areOff;
    const why = this.#withoutScripts === this.versionId ? '' : ' In this browser they could tell other computers what is on the page.';
    find('#page-scripts-text').textContent = `This page’s scripts are off.${why}`;
  }

  #runScripts() {
    previewScripts.ask(this.websiteId);
    this.#withoutScripts = null;
    this.#revivals = [];
    this.#load(this.versionId);
  }

  #showAnyway() {
    this.#trouble.hidden = true;
    if (this.#trouble.dataset.kind === 'unfinished') this.#load(this.versionId);
  }

  #showWithoutScripts() {
    this.#withoutScripts = this.versionId;
    this.#clear();
    this.#load(this.versionId);
  }

  #clear() {
    this.#watch?.stop();
    this.#watch = null;
    this.#isLoading = false;
    this.#trouble.hidden = true;
    this.#scripts.hidden = true;
    this.note.hide();
    this.writing.stop();
    if (this.versionId) find('#open-page').href = this.#address(this.versionId, this.path);
    this.#swap(null);
  }

  #loadAgain(versionId) {
    const again = () => {
      clearTimeout(timer);
      removeEventListener('online', again);
      if (this.versionId === versionId) this.#load(versionId);
    };
    const timer = setTimeout(again, RETRY_AFTER);
    addEventListener('online', again);
  }

  // Those of the page that stands there, as one that is written anew has most of them; a new page has those of the one that is shown.
  async #files(path) {
    const { versionId } = this;
    if (versionId === null) return {};
    const filesOf = (one) => request('GET', `/preview/${versionId}/files?page=${encodeURIComponent(one)}`);
    return filesOf(path).catch(() => filesOf(this.path));
  }

  /** Show a page while it is written: `written` is what there is so far, {html, path}, null when there is none or it is whole. */
  showBuilding(written) {
    if (written === null) return this.writing.finish();
    this.#empty.hidden = true;
    this.beforeAfter.hide();
    this.writing.write(written, { isFirst: this.isEmpty });
  }

  /** No page is being written any more; what was written stays until the version made of it is shown. */
  stopBuilding() {
    if (!this.#isLoading) this.writing.stop();
    this.#empty.hidden = !this.isEmpty;
  }

  #swap(next) {
    this.#isLoading = false;
    const hadFocus = this.frame && document.activeElement === this.frame;
    next?.classList.remove('is-loading');
    for (const frame of this.#stage.querySelectorAll('.preview-frame:not(.is-writing, .is-before, .is-edited)')) if (frame !== next) frame.remove();
    this.frame = next;
    if (hadFocus) next?.focus();
  }

  #setDevice(device) {
    this.#device = device;
    previewDevice.save(device);
    this.#fit();
  }

  // In a narrow pane, a desktop page is rendered at desktop width and scaled down, so that it does not use its phone layout.
  #fit() {
    const { clientWidth, clientHeight } = this.#stage;
    if (!clientWidth) return;
    const width = this.#device === 'desktop' ? Math.max(WIDTHS.desktop, clientWidth) : WIDTHS[this.#device];
    const scale = Math.min(1, clientWidth / width);
    this.#stage.dataset.device = this.#device;
    this.#stage.style.setProperty('--frame-width', `${width}px`);
    this.#stage.style.setProperty('--frame-height', `${clientHeight / scale}px`);
    this.#stage.style.setProperty('--frame-scale', String(scale));
  }
}
