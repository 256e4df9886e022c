import { countCodePoints, dropCodePoints } from '../text/code-points.js';

/**
 * Compute what a delta adds to an answer whose first `have` code points are known: {text, have, gap}.
 *
 * `id` is the number of code points up to the end of `text`. A stream may start again from zero or overlap the known
 * text, so only the new part is returned. With `gap` true, the caller must read the answer again from `have`.
 */
export function newText(have, id, text) {
  const start = id - countCodePoints(text);
  if (id <= have) return { text: '', have, gap: false };
  if (start > have) return { text: '', have, gap: true };
  return { text: dropCodePoints(text, have - start), have: id, gap: false };
}
