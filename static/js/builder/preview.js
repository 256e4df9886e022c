import { fileSize } from '../text/file-size.js';
import { find, h } from '../ui/dom.js';
import { previewDevice } from './local-storage.js';

const RETRY_AFTER = 5_000;
const WIDTHS = { phone: 390, tablet: 820, desktop: 1280 };

/** The page beside the chat, in a sandboxed frame, at the width of a phone, a tablet or a desktop. */
export class Preview {
  #stage = find('#preview-stage');
  #empty = find('#preview-empty');
  #building = find('#preview-building');
  #buildingText = find('#preview-building-text');
  #device = previewDevice.get() ?? (innerWidth < 640 ? 'phone' : 'desktop');
  versionId = null;

  constructor() {
    for (const input of document.querySelectorAll('input[name=device]')) {
      input.checked = input.value === this.#device;
      input.addEventListener('change', () => this.#setDevice(input.value));
    }
    new ResizeObserver(() => this.#fit()).observe(this.#stage);
  }

  /** Load a version in a hidden frame and swap when it has loaded, so that the preview does not flash. */
  show(versionId) {
    if (versionId === this.versionId) return;
    this.versionId = versionId;
    this.#empty.hidden = versionId !== null;
    if (!versionId) return this.#swap(null);
    this.#load(versionId);
  }

  // The load event also fires for the browser's own error page, so check first that the server responds.
  async #load(versionId) {
    const isThere = await fetch(`/preview/${versionId}`, { method: 'HEAD' }).then(({ status }) => status < 500, () => false);
    if (this.versionId !== versionId) return;
    if (!isThere) return this.#loadAgain(versionId);
    const next = h('iframe', { class: 'preview-frame is-loading', sandbox: 'allow-scripts', title: 'Preview of your page', src: `/preview/${versionId}`, referrerpolicy: 'no-referrer' });
    next.addEventListener('load', () => this.versionId === versionId && this.#swap(next), { once: true });
    this.#stage.append(next);
    this.#fit();
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
