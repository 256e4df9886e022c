import { countCodePoints, dropCodePoints } from '../text/code-points.js';

/**
 * What a delta adds to an answer of which `have` code points are known.
 *
 * `id` is the number of code points up to and with `text`. A stream may start again from zero or overlap what is
 * there, so only what is new counts. A gap is reported: the caller reads the answer again from `have`.
 */
export function newText(have, id, text) {
  const start = id - countCodePoints(text);
  if (id <= have) return { text: '', have, gap: false };
  if (start > have) return { text: '', have, gap: true };
  return { text: dropCodePoints(text, have - start), have: id, gap: false };
}
