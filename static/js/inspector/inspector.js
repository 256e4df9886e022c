// The only script text that the policy of the frame for edit mode allows. It shows a page whose own scripts are off, and tells the
// builder by a port which element is pointed at and what is typed: numbers and plain text.
import '../preview/guard.js';
import { elementsIn } from '../preview/pages.js';
import { pathTo, relatives } from './family.js';
import { meaningOf, WAYS } from './keys.js';
import { MarkedPage } from './marked-page.js';
import { attribute, boxOf, focus, isElement, matches, parentOf, removeAttribute, scrollIntoView, setAttribute, tagOf } from './natives.js';
import { Outlines } from './outlines.js';
import { canTypeIn, Typing } from './typing.js';

const FOCUSABLE = 'a, area, button, input, select, textarea, summary, audio, video, [tabindex], [contenteditable]';
const LONGEST = 2_000;

const hasFiles = ({ dataTransfer }) => dataTransfer?.types.includes('Files');

/** The page in the frame, what of it is selected, and the port to the builder. */
class Inspector {
  #outlines = new Outlines();
  #page = null;
  #root = document.documentElement;
  #selected = null;
  #hovered = null;
  #typing = null;
  /** While what was typed is saved, nothing else is typed. */
  #isBusy = false;

  constructor(port) {
    this.port = port;
    port.onmessage = ({ data }) => this.#take(data);
    const on = (type, run) => addEventListener(type, run.bind(this), { capture: true, passive: false });
    on('pointermove', this.#hover);
    on('pointerdown', this.#press);
    on('mousedown', (event) => this.#isTypedIn(event) || event.preventDefault());
    on('click', this.#click);
    on('dblclick', this.#doubleClick);
    on('keydown', this.#key);
    for (const type of ['auxclick', 'dragstart']) on(type, (event) => event.preventDefault());
    on('dragenter', (event) => hasFiles(event) && port.postMessage({ drag: true }));
    on('dragover', (event) => hasFiles(event) && event.preventDefault());
    on('beforeinput', this.#input);
    on('blur', (event) => event.target === window && this.#typing?.end());
    on('scroll', () => port.postMessage({ place: { x: Math.round(scrollX), y: Math.round(scrollY) } }));
    on('pointerout', ({ relatedTarget }) => relatedTarget || this.#setHovered(null));
  }

  #take({ show, select, go, type, place, busy, pins }) {
    if (busy !== undefined) this.#isBusy = busy;
    if (show) this.#show(show);
    if (pins) this.#outlines.setPins(pins.map(([start, label]) => ({ element: this.#page.elements[this.#numberAt(start)], label })));
    if (place) goTo(place);
    if (select !== undefined) this.#select(this.#numberAt(select), { isScrolled: true });
    if (go) this.#go(go);
    if (type) this.#type();
    if (type === false) this.#typing?.end();
  }

  #show(shown) {
    const place = { x: scrollX, y: scrollY };
    this.#typing = null;
    this.#isBusy = false;
    this.#page = new MarkedPage(shown);
    const { root } = this.#page;
    for (const element of elementsIn(root)) {
      removeAttribute(element, 'autofocus');
      if (!matches(element, FOCUSABLE)) continue;
      removeAttribute(element, 'contenteditable');
      setAttribute(element, 'tabindex', '-1');
    }
    setAttribute(root, 'tabindex', '0');
    this.#root.replaceWith(root);
    this.#root = root;
    this.#outlines.showIn(root);
    this.#selected = this.#hovered = null;
    goTo(place);
    this.port.postMessage({ shown: true });
  }

  #numberAt(start) {
    const number = start === null ? -1 : this.#page.places.findIndex((place) => place[0] === start);
    return number >= 0 && this.#page.elements[number] ? this.#page.closest(this.#page.elements[number]) : null;
  }

  #select(number, { isScrolled = false } = {}) {
    this.#typing?.end();
    this.#selected = number;
    const element = number === null ? null : this.#page.elements[number];
    this.#outlines.set('selected', element);
    this.#setHovered(null);
    if (element && isScrolled && !isInView(element)) scrollIntoView(element, { block: 'center', behavior: 'instant' });
    this.port.postMessage(this.#description(number));
  }

  #description(number) {
    if (number === null) return { selected: null };
    const element = this.#page.elements[number];
    const { previous, next } = relatives(this.#page, number);
    const said = (name) => attribute(element, name)?.slice(0, LONGEST) ?? null;
    return {
      selected: number,
      path: pathTo(this.#page, number),
      previous,
      next,
      canType: canTypeIn(this.#page, number),
      href: tagOf(element) === 'a' ? said('href') : null,
      alt: tagOf(element) === 'img' ? said('alt') ?? '' : null,
    };
  }

  #go(way) {
    if (this.#selected === null) return;
    const number = relatives(this.#page, this.#selected)[way];
    if (number !== null || way === 'parent') this.#select(number, { isScrolled: true });
  }

  #type() {
    if (this.#page?.isReadOnly) return this.port.postMessage({ key: 'comment' });
    if (this.#selected === null || this.#typing || this.#isBusy || !canTypeIn(this.#page, this.#selected)) return;
    const number = this.#selected;
    this.#outlines.set('selected', this.#page.elements[number], 'typing');
    this.port.postMessage({ typing: number });
    this.#typing = new Typing(this.#page, number, (parts, { isGivenUp }) => {
      this.#typing = null;
      this.#outlines.set('selected', this.#page.elements[number]);
      this.port.postMessage({ typed: number, parts });
      if (!isGivenUp) return;
      this.#show(this.#page);
      this.#select(number);
    });
  }

  #elementAt(event) {
    const [target] = event.composedPath();
    return target instanceof Node && target !== document && target !== this.#root ? (isElement(target) ? target : parentOf(target)) : null;
  }

  #isTypedIn(event) {
    return this.#typing !== null && event.composedPath().includes(this.#typing.element);
  }

  #hover(event) {
    if (event.pointerType === 'touch' || this.#typing || !this.#page) return;
    const element = this.#elementAt(event);
    this.#setHovered(element && this.#page.closest(element));
  }

  #setHovered(number) {
    if (number === this.#hovered) return;
    this.#hovered = number;
    this.#outlines.set('hovered', number === null || number === this.#selected ? null : this.#page.elements[number]);
  }

  #press(event) {
    if (!this.#isTypedIn(event)) this.#typing?.end();
  }

  #click(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (this.#isTypedIn(event) || !this.#page || event.detail > 1) return;
    const element = this.#elementAt(event);
    focus(this.#root, { preventScroll: true });
    this.#select(element && this.#page.closest(element));
  }

  #doubleClick(event) {
    event.preventDefault();
    if (!this.#isTypedIn(event)) this.#type();
  }

  #key(event) {
    if (this.#typing) {
      this.#outlines.drawSoon();
      return this.#typing.key(event);
    }
    const meaning = meaningOf(event);
    if (!meaning || !this.#page) return;
    event.preventDefault();
    if (meaning === 'type') this.#type();
    else if (this.#selected !== null && WAYS.has(meaning)) this.#go(meaning);
    else this.port.postMessage({ key: meaning });
  }

  // Some keyboards of touch screens send no key for a new line.
  #input(event) {
    if (!this.#typing || !/^insert(Paragraph|LineBreak)$/.test(event.inputType)) return;
    event.preventDefault();
    this.#typing.end();
  }
}

const goTo = ({ x, y }) => window.scrollTo({ left: x, top: y, behavior: 'instant' });

function isInView(element) {
  const { top, bottom } = boxOf(element);
  return top >= 0 && bottom <= innerHeight;
}

addEventListener('message', function begin({ source, ports }) {
  if (source !== parent || !ports.length) return;
  removeEventListener('message', begin);
  new Inspector(ports[0]);
});
parent.postMessage({ preview: 'ready' }, '*');
