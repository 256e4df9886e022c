import { attribute, removeAttribute, setAttribute } from './elements.js';
import { withImports } from './imports.js';

const SITE = 'https://site.invalid';
const ADDRESSES = ['src', 'poster'];
const ADDRESSES_IN_DRAWINGS = ['href', 'xlink:href'];
const IN_CSS = /url\(([^()]*)\)/gi;
const QUOTED = /^(["'])(.*)\1$/s;
const TEXT = /^data:text\/(css|javascript);base64,/;
// A page that is shown can hide it behind an element of that name.
const createElement = globalThis.document?.createElement.bind(document);

/** The files that a page of a path shows, which come as data URLs by path. */
export class PageFiles {
  #byPath;
  #styles = new Map();

  constructor(files, path) {
    this.#byPath = new Map(Object.entries(files));
    this.path = path;
  }

  get isEmpty() {
    return !this.#byPath.size;
  }

  /** The data URL for an address in the page or another file; the address itself where it leads to none of them. */
  url(address, from = this.path) {
    const url = this.#byPath.get(pathOf(address, from));
    return url && !TEXT.test(url) ? url : address;
  }

  /** CSS of the page or of another file, with the data URLs in it. */
  css(text, from = this.path) {
    return text.replace(IN_CSS, (whole, address) => {
      const bare = address.trim().replace(QUOTED, '$2');
      const url = this.url(bare, from);
      return url === bare ? whole : `url("${url}")`;
    });
  }

  /** A whole style of the page or of another file: with those that it imports, and the data URLs in all of them. */
  style(text, from = this.path) {
    const read = (address, importing) => {
      const path = pathOf(address, importing);
      const css = this.#text(path, 'css');
      return css === null ? null : { path, text: css };
    };
    return withImports(text, from, read, (css, path) => this.css(css, path));
  }

  /** The text of the style that a link leads to, null for any other link. */
  styleOf(link) {
    const kinds = (attribute(link, 'rel') ?? '').toLowerCase().split(/\s+/);
    if (!kinds.includes('stylesheet') || kinds.includes('alternate')) return null;
    const path = pathOf(attribute(link, 'href') ?? '', this.path);
    if (!this.#styles.has(path)) {
      const text = this.#text(path, 'css');
      this.#styles.set(path, text && this.style(text, path));
    }
    return this.#styles.get(path);
  }

  /** Have an element of the page show them; a style that is linked comes into it, and a script gets its text. */
  show(element) {
    const change = (name, changed) => {
      const value = attribute(element, name);
      if (value !== null && changed(value) !== value) setAttribute(element, name, changed(value));
    };
    if (element.localName === 'script') return this.#showScript(element);
    if (element.localName === 'link') return this.#showStyle(element);
    for (const name of element.localName === 'image' ? ADDRESSES_IN_DRAWINGS : ADDRESSES) change(name, (address) => this.url(address));
    change('srcset', (list) => list.replace(/[^\s,]+/g, (address) => this.url(address)));
    change('style', (css) => this.css(css));
    if (element.localName !== 'style') return;
    for (const node of element.childNodes) if (node.nodeType === 3) node.data = this.style(node.data);
  }

  #showStyle(link) {
    const css = this.styleOf(link);
    if (css === null) return;
    const style = createElement('style');
    const media = attribute(link, 'media');
    if (media !== null) setAttribute(style, 'media', media);
    style.textContent = css;
    link.replaceWith(style);
  }

  #showScript(script) {
    const address = attribute(script, 'src');
    const code = address === null ? null : this.#text(pathOf(address, this.path), 'javascript');
    if (code === null) return;
    removeAttribute(script, 'src');
    script.textContent = code;
  }

  #text(path, type) {
    const url = this.#byPath.get(path) ?? '';
    if (TEXT.exec(url)?.[1] !== type) return null;
    const bytes = Uint8Array.from(atob(url.replace(TEXT, '')), (character) => character.charCodeAt(0));
    return new TextDecoder().decode(bytes);
  }
}

/** Have the elements of a page of a path show files of its version, which come as data URLs by path. */
export function showFiles(elements, files, path) {
  const shown = new PageFiles(files, path);
  if (!shown.isEmpty) for (const element of elements) shown.show(element);
}

function pathOf(address, path) {
  try {
    const { origin, pathname } = new URL(address, `${SITE}/${path}`);
    return origin === SITE ? decodeURIComponent(pathname.slice(1)) : '';
  } catch {
    return '';
  }
}
