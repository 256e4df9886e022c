import { childrenOf, isElement, parentOf, tagOf } from './natives.js';

const BREAKS = new Set(['br', 'wbr']);

/** The elements beside, around and in an element of a page that can be selected, by number; null where there is none. */
export function relatives(page, number) {
  const element = page.elements[number];
  const parent = parentOf(element);
  const siblings = [...childrenOf(parent)].filter((each) => !BREAKS.has(tagOf(each))).map((each) => page.numberOf(each)).filter((each) => each !== undefined);
  const at = siblings.indexOf(number);
  return {
    parent: page.closest(parent),
    previous: siblings[at - 1] ?? null,
    next: siblings[at + 1] ?? null,
    get child() {
      return firstIn(page, element);
    },
  };
}

/** Its numbers from the outermost to itself. */
export function pathTo(page, number) {
  const path = [];
  for (let at = page.elements[number]; at && isElement(at); at = parentOf(at)) {
    const each = page.numberOf(at);
    if (each !== undefined) path.unshift(each);
  }
  return path;
}

function firstIn(page, element) {
  for (const child of childrenOf(element)) {
    if (BREAKS.has(tagOf(child))) continue;
    const number = page.numberOf(child) ?? firstIn(page, child);
    if (number !== undefined && number !== null) return number;
  }
  return null;
}
