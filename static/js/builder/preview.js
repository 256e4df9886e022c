import { fileSize } from '../text/file-size.js';
import { find, h } from '../ui/dom.js';
import { hasConnectionAllowlist } from './isolation.js';
import { previewDevice, previewScripts } from './local-storage.js';
import { isUnfinished, markBegun, markFinished } from './preview-loads.js';
import { PreviewWatch } from './preview-watch.js';

const RETRY_AFTER = 5_000;
const WIDTHS = { phone: 390, tablet: 820, desktop: 1280 };

const TROUBLE = {
  unfinished: { title: 'The last preview of this page did not finish loading', detail: 'It stopped responding, or the tab was closed. It is not shown again until you say so.', anyway: 'Show it anyway' },
  silent: { title: 'This page does not respond', detail: 'Something in it takes very long, or never ends. Your chats and versions are not affected.', anyway: 'Wait for it' },
};

/** The page beside the chat, in a sandboxed frame, at the width of a phone, a tablet or a desktop. */
export class Preview {
  #stage = find('#preview-stage');
  #empty = find('#preview-empty');
  #building = find('#preview-building');
  #buildingText = find('#preview-building-text');
  #trouble = find('#preview-trouble');
  #scripts = find('#page-scripts');
  #device = previewDevice.get() ?? (innerWidth < 640 ? 'phone' : 'desktop');
  #watch = null;
  #withoutScripts = null;
  versionId = null;

  /** `versions` finds and shows an older version than the one in the preview. */
  constructor(websiteId, versions) {
    this.websiteId = websiteId;
    this.versions = versions;
    for (const input of document.querySelectorAll('input[name=device]')) {
      input.checked = input.value === this.#device;
      input.addEventListener('change', () => this.#setDevice(input.value));
    }
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
    this.#empty.hidden = versionId !== null;
    if (!versionId) return this.#clear();
    if (!isUnfinished(versionId)) return this.#load(versionId);
    this.#clear();
    this.#showTrouble('unfinished');
  }

  // The load event also fires for the browser's own error page, so check first that the server responds.
  async #load(versionId) {
    const [isThere, runsScripts] = await Promise.all([fetch(`/preview/${versionId}`, { method: 'HEAD' }).then(({ status }) => status < 500, () => false), this.#mayRunScripts()]);
    if (this.versionId !== versionId) return;
    if (!isThere) return this.#loadAgain(versionId);
    this.#trouble.hidden = true;
    for (const frame of this.#stage.querySelectorAll('.is-loading')) frame.remove();
    const src = `/preview/${versionId}${runsScripts ? '?scripts=on' : ''}`;
    find('#open-page').href = src;
    const next = h('iframe', { class: 'preview-frame is-loading', sandbox: 'allow-scripts', title: 'Preview of your page', src, referrerpolicy: 'no-referrer' });
    this.#watchFrame(next, versionId, runsScripts);
    this.#stage.append(next);
    this.#fit();
  }

  async #mayRunScripts() {
    if (this.#withoutScripts === this.versionId) return false;
    return previewScripts.areAskedFor(this.websiteId) || hasConnectionAllowlist();
  }

  #watchFrame(frame, versionId, runsScripts) {
    this.#watch?.stop();
    const watch = new PreviewWatch(frame);
    this.#watch = watch;
    // Shown without its scripts, a page says nothing about what they do.
    const mark = (set) => this.#withoutScripts === versionId || set(versionId);
    mark(markBegun);
    watch.addEventListener('loaded', () => this.#swap(frame));
    watch.addEventListener('page', ({ detail: hasScripts }) => this.#showScripts(hasScripts && !runsScripts));
    watch.addEventListener('well', () => mark(markFinished));
    watch.addEventListener('silent', () => {
      mark(markBegun);
      this.#showTrouble('silent', runsScripts);
    });
    watch.addEventListener('heard', () => { this.#trouble.hidden = true; });
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
    find('#preview-older').hidden = this.versions.olderThan(this.versionId) === null;
  }

  #showScripts(areOff) {
    this.#scripts.hidden = !areOff;
    const why = this.#withoutScripts === this.versionId ? '' : ' In this browser they could tell other computers what is on the page.';
    find('#page-scripts-text').textContent = `This page’s scripts are off.${why}`;
  }

  #runScripts() {
    previewScripts.ask(this.websiteId);
    this.#withoutScripts = null;
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
    this.#trouble.hidden = true;
    this.#scripts.hidden = true;
    if (this.versionId) find('#open-page').href = `/preview/${this.versionId}`;
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

  /** Show that a page is being written: `html` is the text so far, null when none is being written. */
  showBuilding(html) {
    this.#building.hidden = html === null;
    this.#empty.hidden = this.versionId !== null || html !== null;
    this.#stage.classList.toggle('is-building', html !== null);
    if (html !== null) this.#buildingText.textContent = `Building the page… ${fileSize(html)}`;
  }

  #swap(next) {
    next?.classList.remove('is-loading');
    for (const frame of this.#stage.querySelectorAll('iframe')) if (frame !== next) frame.remove();
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
