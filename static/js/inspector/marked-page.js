import { showFiles } from '../preview/files.js';
import { clean, elementsIn } from '../preview/pages.js';
import { attribute, cloneOf, isElement, isEqual, nodesIn, parentOf, removeAttribute, setMarkup } from './natives.js';

const TAG = /<[a-z][^\s/>]*/iy;
/** A mark that turned up as text is left out, and the page parsed again. */
const MOST_TRIES = 3;

/**
 * A page as the browser parses it, and which element is at which of the `places` in its text: [start, content start, content end,
 * end] in UTF-16 units. An element of which the browser makes something else than of its text alone is none of them.
 */
export class MarkedPage {
  #parsed = [];
  #numbers = new WeakMap();
  #certain = new Map();
  /** The elements that are shown, by number. */
  elements = [];

  /** `files` are those that it shows, as data URLs by path; nothing is typed in a page that `isReadOnly`. */
  constructor({ text, path, places, files, isReadOnly = false }) {
    this.isReadOnly = isReadOnly;
    this.text = text;
    this.path = path;
    this.places = places;
    this.files = files;
    const parsed = this.#parse();
    // Not `documentElement`, which an element of that name would be.
    this.root = cloneOf(parsed[0], true);
    const shown = [this.root, ...elementsIn(this.root)];
    for (const [at, element] of parsed.entries()) {
      const number = this.#numbers.get(element);
      if (number === undefined) continue;
      this.elements[number] = shown[at];
      this.#numbers.set(shown[at], number);
    }
    showFiles(shown, files, path);
    clean(shown, { runsScripts: false });
  }

  /** The number of an element that is shown, undefined for none. */
  numberOf(element) {
    const number = this.#numbers.get(element);
    return number !== undefined && this.#isCertain(number) ? number : undefined;
  }

  /** The number of an element or of the closest one around it; null for none. */
  closest(element) {
    for (let at = element; at && isElement(at); at = parentOf(at)) {
      const number = this.numberOf(at);
      if (number !== undefined) return number;
    }
    return null;
  }

  /** What the browser made of the page's own text of an element, before anything was taken out or typed. */
  original(number) {
    return this.#parsed[number];
  }

  /** Parse the text; returns all elements, and keeps which of them have numbers. */
  #parse() {
    let marked = this.places.map((_, number) => number);
    for (let tries = 1; ; tries += 1) {
      const parsed = this.#parseMarked(tries > MOST_TRIES ? [] : marked);
      const found = marked.filter((number) => number in this.#parsed);
      if (found.length === marked.length || tries > MOST_TRIES) return parsed;
      marked = found;
    }
  }

  #parseMarked(marked) {
    // A name that the page can't know.
    const name = `data-${crypto.getRandomValues(new Uint32Array(4)).join('-')}`;
    const elements = elementsIn(new DOMParser().parseFromString(this.#withMarks(marked, name), 'text/html'));
    const counts = new Map();
    this.#parsed = [];
    for (const element of elements) {
      const mark = attribute(element, name);
      if (mark === null) continue;
      removeAttribute(element, name);
      this.#parsed[mark] = element;
      counts.set(mark, (counts.get(mark) ?? 0) + 1);
    }
    // Where the browser opens formatting again, several elements are of one tag.
    this.#numbers = new WeakMap();
    for (const [mark, count] of counts) if (count === 1) this.#numbers.set(this.#parsed[mark], Number(mark));
    return elements;
  }

  #withMarks(marked, name) {
    const pieces = [];
    let done = 0;
    for (const number of marked) {
      TAG.lastIndex = this.places[number][0];
      if (!TAG.test(this.text)) continue;
      pieces.push(this.text.slice(done, TAG.lastIndex), ` ${name}="${number}"`);
      done = TAG.lastIndex;
    }
    return [...pieces, this.text.slice(done)].join('');
  }

  #isCertain(number) {
    if (!this.#certain.has(number)) this.#certain.set(number, this.#isItsText(number));
    return this.#certain.get(number);
  }

  #isItsText(number) {
    const element = this.#parsed[number];
    const [start, , , end] = this.places[number];
    const around = cloneOf(parentOf(element), false);
    setMarkup(around, this.text.slice(start, end));
    const nodes = nodesIn(around);
    return nodes.length === 1 && isEqual(nodes[0], element);
  }
}
