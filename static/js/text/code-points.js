// The server counts code points; JavaScript's `length` counts UTF-16 units: "🙂".length is 2.

export function countCodePoints(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** The text without its first `count` code points. */
export function dropCodePoints(text, count) {
  let units = 0;
  for (const char of text) {
    if (count <= 0) break;
    units += char.length;
    count -= 1;
  }
  return text.slice(units);
}
