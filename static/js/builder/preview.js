import { fileSize } from '../text/file-size.js';
import { find, h } from '../ui/dom.js';
import { previewDevice } from './memory.js';

const AGAIN = 5_000;
const WIDTHS = { phone: 390, tablet: 820, desktop: 1280 };

/** The page beside the chat, in a frame without rights, at the width of a phone, a tablet or a desktop. */
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

  /** Load a version behind the shown one and swap when it is there, so that nothing flashes. */
  show(versionId) {
    if (versionId === this.versionId) return;
    this.versionId = versionId;
    this.#empty.hidden = versionId !== null;
    if (!versionId) return this.#swap(null);
    this.#load(versionId);
  }

  // A frame tells a page of the server from an error page of the browser to nobody: ask before.
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
    const timer = setTimeout(again, AGAIN);
    addEventListener('online', again);
  }

  /** Say that a page is on its way: `html` is what there is of it, null when none is being written. */
  building(html) {
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

  // A desktop page in a narrow pane is drawn at desktop width and scaled down, as it will look, not as it would reflow.
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
