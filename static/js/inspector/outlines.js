import { boxOf } from './natives.js';

// The style attribute of an element wins over any sheet of the page's, also over layers.
const important = (rules) => rules.replaceAll(';', ' !important;');
const HOST = important('all:initial;position:fixed;inset:0;width:100vw;height:100vh;margin:0;padding:0;border:0;overflow:hidden;background:none;display:block;visibility:visible;opacity:1;pointer-events:none;z-index:2147483647;');
const BOX = 'position:fixed;box-sizing:border-box;border-radius:3px;pointer-events:none;';
const LOOKS = {
  hovered: `${BOX}border:2px dashed #1f8a5b;box-shadow:0 0 0 1px rgb(255 255 255/.8)`,
  selected: `${BOX}border:3px solid #1f8a5b;box-shadow:0 0 0 2px #fff,inset 0 0 0 1px #fff`,
  typing: `${BOX}border:3px solid #c9851a;box-shadow:0 0 0 2px #fff,inset 0 0 0 1px #fff`,
};
const PIN = 'position:fixed;box-sizing:border-box;min-width:24px;height:24px;padding:0 6px;border:2px solid #fff;border-radius:12px 12px 12px 2px;background:#b3261e;color:#fff;'
  + 'font:700 12px/20px system-ui,sans-serif;text-align:center;box-shadow:0 1px 5px rgb(0 0 0/.45);pointer-events:none';
const ROOM = 4;
const PIN_WIDTH = 34;

/** Boxes around elements of the page, above everything in it: a page can neither hide nor imitate them under the pointer. */
export class Outlines {
  #host;
  #boxes = {};
  #elements = {};
  #root;
  #pins = [];
  #isDue = false;

  constructor() {
    this.#host = document.createElement('div');
    this.#host.setAttribute('style', HOST);
    this.#host.popover = 'manual';
    const root = this.#host.attachShadow({ mode: 'closed' });
    this.#root = root;
    for (const name of ['hovered', 'selected']) {
      this.#boxes[name] = document.createElement('div');
      root.append(this.#boxes[name]);
    }
    for (const [target, type] of [[window, 'scroll'], [window, 'resize'], [window, 'load']]) target.addEventListener(type, () => this.drawSoon(), { capture: true, passive: true });
  }

  /** Put the boxes into a page that is shown anew. */
  showIn(root) {
    this.#elements = {};
    this.setPins([]);
    root.append(this.#host);
    this.#host.showPopover();
    this.drawSoon();
  }

  /** Draw a box of a name around an element, none for null. */
  set(name, element, look = name) {
    this.#elements[name] = { element, look };
    this.drawSoon();
  }

  /** Draw pins with labels at elements: [{element, label}]; those without an element are left out. */
  setPins(pins) {
    for (const { mark } of this.#pins) mark.remove();
    this.#pins = pins.filter(({ element }) => element).map(({ element, label }) => {
      const mark = document.createElement('div');
      mark.textContent = label;
      this.#root.append(mark);
      return { element, mark };
    });
    this.drawSoon();
  }

  drawSoon() {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      for (const name of Object.keys(this.#boxes)) this.#draw(name);
      this.#drawPins();
    });
  }

  #drawPins() {
    const taken = new Map();
    for (const { element, mark } of this.#pins) {
      const { top, right, width, height } = boxOf(element);
      const place = `${Math.round(top)} ${Math.round(right)}`;
      const row = taken.get(place) ?? 0;
      taken.set(place, row + 1);
      const left = Math.max(0, Math.min(right - PIN_WIDTH / 2, innerWidth - PIN_WIDTH) - row * PIN_WIDTH);
      mark.setAttribute('style', width || height ? `${PIN};left:${left}px;top:${Math.max(top - 14, top < 0 ? top : 2)}px` : 'display:none');
    }
  }

  #draw(name) {
    const { element, look } = this.#elements[name] ?? {};
    const box = element && boxOf(element);
    const isSeen = box && (box.width > 0 || box.height > 0);
    const place = isSeen ? `left:${box.left - ROOM}px;top:${box.top - ROOM}px;width:${box.width + 2 * ROOM}px;height:${box.height + 2 * ROOM}px` : 'display:none';
    this.#boxes[name].setAttribute('style', `${LOOKS[look ?? name]};${place}`);
  }
}
