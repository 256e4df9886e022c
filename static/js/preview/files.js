import { attribute, setAttribute } from './elements.js';

const SITE = 'https://site.invalid';
const ADDRESSES = ['src', 'poster'];
const IN_CSS = /url\(\s*(['"]?)([^'"()]+)\1\s*\)/gi;

/** Have the elements of a page show files of its version, which come as data URLs by path. */
export function showFiles(elements, files) {
  const byPath = new Map(Object.entries(files));
  const find = (address) => byPath.get(pathOf(address.trim()));
  const withFiles = (css) => css.replace(IN_CSS, (whole, _, address) => (find(address) ? `url("${find(address)}")` : whole));
  const change = (element, name, changed) => {
    const value = attribute(element, name);
    if (value !== null && changed(value) !== value) setAttribute(element, name, changed(value));
  };
  for (const element of elements) {
    for (const name of ADDRESSES) change(element, name, (address) => find(address) ?? address);
    if (element.localName === 'image') change(element, 'href', (address) => find(address) ?? address);
    change(element, 'srcset', (list) => list.split(',').map((one) => one.trim().replace(/^\S+/, (address) => find(address) ?? address)).join(', '));
    change(element, 'style', withFiles);
    if (element.localName === 'style') element.firstChild?.replaceWith(withFiles(element.firstChild.data));
  }
}

function pathOf(address) {
  try {
    const { origin, pathname } = new URL(address, `${SITE}/`);
    return origin === SITE ? decodeURIComponent(pathname.slice(1)) : '';
  } catch {
    return '';
  }
}
