const ASTRAL = /[\ud800-\udbff]/;
const TAG = /<([a-z][^\s/>]*)/iy;
const WRAPPERS = new Set(['div', 'main']);
const NO_SECTIONS = new Set(['a', 'br', 'wbr', 'svg', 'span']);

/** A page's source and where its elements are in it, as `GET /api/versions/<id>/elements` gives them; elements are known by their numbers. */
export class Source {
  /** Of each: [start, content start, content end, end], in UTF-16 units. */
  places;
  #codePoints;
  #parents = [];

  /** `files` are those that the page shows, as data URLs by path. */
  constructor({ version_id: versionId, path, text, elements }, files = {}) {
    Object.assign(this, { versionId, path, text, files });
    this.#codePoints = elements;
    const units = unitsOf(text);
    this.places = units ? elements.map((place) => place.map((count) => units[count])) : elements;
    const open = [];
    for (const [number, [start]] of this.places.entries()) {
      while (open.length && this.places[open.at(-1)][3] <= start) open.pop();
      this.#parents.push(open.at(-1) ?? null);
      open.push(number);
    }
  }

  get size() {
    return this.places.length;
  }

  textOf(number) {
    const [start, , , end] = this.places[number];
    return this.text.slice(start, end);
  }

  tagOf(number) {
    [TAG.lastIndex] = this.places[number];
    return TAG.exec(this.text)?.[1].toLowerCase() ?? '';
  }

  /** Where the element begins in UTF-16 units that begins at a place in code points; null for none. */
  placeOf(start) {
    const number = this.#codePoints.findIndex((place) => place[0] === start);
    return number < 0 ? null : this.places[number][0];
  }

  parentOf(number) {
    return this.#parents[number];
  }

  childrenOf(number) {
    return this.#parents.flatMap((parent, each) => (parent === number ? [each] : []));
  }

  /** Where elements begin and end in the file, in code points: from the first's start to the last's end. */
  target(first, last = first) {
    return { version_id: this.versionId, path: this.path, start: this.#codePoints[first][0], end: this.#codePoints[last][3] };
  }

  /** The smallest element around what is between two code points of the file; null for none. */
  numberAt(start, end) {
    let found = null;
    for (const [number, [from, , , to]] of this.#codePoints.entries()) {
      if (from > start) break;
      if (to >= end) found = number;
    }
    return found;
  }

  /** The parts that the page consists of. */
  get sections() {
    let parts = this.childrenOf(null);
    while (parts.length === 1 && WRAPPERS.has(this.tagOf(parts[0]))) parts = this.childrenOf(parts[0]);
    parts = parts.flatMap((number) => (this.tagOf(number) === 'main' ? this.childrenOf(number) : [number]));
    return parts.filter((number) => !NO_SECTIONS.has(this.tagOf(number)));
  }
}

/** By count of code points, that of UTF-16 units; null where they are the same. */
function unitsOf(text) {
  if (!ASTRAL.test(text)) return null;
  const units = new Uint32Array(text.length + 1);
  let count = 0;
  let unit = 0;
  for (const character of text) {
    units[count] = unit;
    count += 1;
    unit += character.length;
  }
  units[count] = unit;
  return units;
}
