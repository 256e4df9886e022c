import { attributeIn, withAttribute } from './start-tag.js';

const REFERENCES = ['for', 'aria-labelledby', 'aria-describedby', 'aria-controls', 'href'];

/** The text of an element for a second one of it: ids, and what refers to them in it, are made new, as an id is of one element. */
export function copyOf(source, number) {
  const [begin, , , end] = source.places[number];
  const inside = source.places.filter(([start]) => start >= begin && start < end);
  const tags = inside.map(([start, contentStart]) => ({ start, end: contentStart, text: source.text.slice(start, contentStart) }));
  const ids = newIds(tags, source.text);
  if (!ids.size) return source.textOf(number);
  const pieces = [];
  let done = begin;
  for (const tag of tags) {
    pieces.push(source.text.slice(done, tag.start), renamed(tag.text, ids));
    done = tag.end;
  }
  return [...pieces, source.text.slice(done, end)].join('');
}

function newIds(tags, text) {
  const ids = new Map();
  for (const tag of tags) {
    const id = attributeIn(tag.text, 'id');
    if (!id) continue;
    let count = 2;
    while (text.includes(`${id}-${count}`)) count += 1;
    ids.set(id, `${id}-${count}`);
  }
  return ids;
}

function renamed(tag, ids) {
  let made = tag;
  const id = attributeIn(tag, 'id');
  if (id) made = withAttribute(made, 'id', ids.get(id));
  for (const name of REFERENCES) {
    const value = attributeIn(tag, name);
    const isLink = name === 'href';
    if (!value || (isLink && !value.startsWith('#'))) continue;
    const words = (isLink ? value.slice(1) : value).split(/\s+/);
    if (words.some((word) => ids.has(word))) made = withAttribute(made, name, (isLink ? '#' : '') + words.map((word) => ids.get(word) ?? word).join(' '));
  }
  return made;
}
