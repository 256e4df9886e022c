import { copyOf } from './copies.js';
import { labelOf, spoken } from './labels.js';
import { attributeIn, withAttribute } from './start-tag.js';
import { contentOf } from './typed-text.js';

// Each is {edit, from, to, summary, select}: the edit for the API, which part of the text it replaces, what the version is made for, and
// where in the new text the element begins that is selected then (null for none). Places are in UTF-16 units but for the API's.

export function removed(source, number) {
  const [start, , , end] = source.places[number];
  const space = spaceBefore(source, number);
  const { path, start: from, end: to } = source.target(number);
  // White space has one unit a character.
  const edit = { path, find: source.text.slice(start - space.length, end), replace: '', start: from - space.length, end: to };
  const parent = source.parentOf(number);
  return { edit, from: start - space.length, to: end, summary: `Removed: ${name(source, number)}`, select: parent === null ? null : source.places[parent][0] };
}

export function duplicated(source, number) {
  const text = source.textOf(number);
  const before = text + spaceBefore(source, number);
  return { ...replacing(source, number, number, before + copyOf(source, number)), summary: `Duplicated: ${name(source, number)}`, select: source.places[number][0] + before.length };
}

/** Change places with the element before (`by` -1) or behind (1), whose number is `other`. */
export function moved(source, number, other, by) {
  const [first, last] = by < 0 ? [other, number] : [number, other];
  const between = source.text.slice(source.places[first][3], source.places[last][0]);
  const before = source.textOf(last) + between;
  return { ...replacing(source, first, last, before + source.textOf(first)), summary: `Moved ${by < 0 ? 'up' : 'down'}: ${name(source, number)}`, select: source.places[first][0] + (by < 0 ? 0 : before.length) };
}

/** `parts` are what is in the element now (inspector/parts.js); null when they aren't of this element. */
export function typed(source, number, parts) {
  const content = contentOf(source, number, parts);
  if (content === null) return null;
  const [start, contentStart, contentEnd, end] = source.places[number];
  const text = source.text.slice(start, contentStart) + content + source.text.slice(contentEnd, end);
  return { ...replacing(source, number, number, text), summary: `Typed in: ${name(source, number)}`, select: start };
}

export function withLink(source, number, address) {
  return changed(source, number, 'href', address, `Changed the address of: ${name(source, number)}`);
}

export function withAlternative(source, number, text) {
  return changed(source, number, 'alt', text, 'Described a picture');
}

/** Have an image show another picture of the website; it keeps its description, and the width that it says. */
export function withPicture(source, number, { path, width, height }) {
  const [start, contentStart] = source.places[number];
  const address = '../'.repeat(source.path.split('/').length - 1) + path.split('/').map(encodeURIComponent).join('/');
  let tag = source.text.slice(start, contentStart);
  for (const [name, value] of [['src', address], ['srcset', null], ['sizes', null]]) tag = withAttribute(tag, name, value);
  const said = Number(attributeIn(tag, 'width'));
  if (said && width && attributeIn(tag, 'height')) tag = withAttribute(tag, 'height', String(Math.round((said * height) / width)));
  // A <picture> chooses among others before its image.
  const parent = source.parentOf(number);
  const whole = parent !== null && source.tagOf(parent) === 'picture' ? parent : number;
  return { ...replacing(source, whole, whole, tag), summary: `Another picture: ${path}`, select: source.places[whole][0] };
}

function changed(source, number, attribute, value, summary) {
  const [start, contentStart, , end] = source.places[number];
  const text = withAttribute(source.text.slice(start, contentStart), attribute, value) + source.text.slice(contentStart, end);
  return { ...replacing(source, number, number, text), summary, select: start };
}

function replacing(source, first, last, replace) {
  const { path, start, end } = source.target(first, last);
  const [from, to] = [source.places[first][0], source.places[last][3]];
  return { edit: { path, find: source.text.slice(from, to), replace, start, end }, from, to };
}

const name = (source, number) => spoken(labelOf(source, number));

/** The line break and indentation before an element that begins a line. */
function spaceBefore(source, number) {
  const [start] = source.places[number];
  const line = source.text.lastIndexOf('\n', start - 1);
  const space = line < 0 ? '' : source.text.slice(line, start);
  return space.trim() ? '' : space;
}
