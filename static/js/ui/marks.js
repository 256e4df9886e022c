import { h } from './dom.js';

/** Wrap the ranges [start, end) of an array of characters in `<mark>`; returns text and elements. */
export function withMarks(characters, ranges) {
  const text = (start, end) => characters.slice(start, end).join('');
  const pieces = [];
  let from = 0;
  for (const [start, end] of ranges) {
    pieces.push(text(from, start), h('mark', {}, text(start, end)));
    from = end;
  }
  return [...pieces, text(from)];
}
