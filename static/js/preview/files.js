import { attribute, setAttribute } from './elements.js';

const SITE = 'https://site.invalid';
const ADDRESSES = ['src', 'poster'];
const ADDRESSES_IN_DRAWINGS = ['href', 'xlink:href'];
const IN_CSS = /url\(([^()]*)\)/gi;
const QUOTED = /^(["'])(.*)\1$/s;

/** Have the elements of a page of a path show files of its version, which come as data URLs by path. */
export function showFiles(elements, files, path) {
  const byPath = new Map(Object.entries(files));
  if (!byPath.size) return;
  const find = (address) => byPath.get(pathOf(address, path)) ?? address;
  const findAll = (list) => list.replace(/[^\s,]+/g, find);
  const findInCss = (css) => css.replace(IN_CSS, (whole, address) => {
    const bare = address.trim().replace(QUOTED, '$2');
    return find(bare) === bare ? whole : `url("${find(bare)}")`;
  });
  const change = (element, name, changed) => {
    const value = attribute(element, name);
    if (value !== null && changed(value) !== value) setAttribute(element, name, changed(value));
  };
  for (const element of elements) {
    for (const name of element.localName === 'image' ? ADDRESSES_IN_DRAWINGS : ADDRESSES) change(element, name, find);
    change(element, 'srcset', findAll);
    change(element, 'style', findInCss);
    if (element.localName !== 'style') continue;
    for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) node.data = findInCss(node.data);
  }
}

function pathOf(address, path) {
  try {
    const { origin, pathname } = new URL(address, `${SITE}/${path}`);
    return origin === SITE ? decodeURIComponent(pathname.slice(1)) : '';
  } catch {
    return '';
  }
}
