// A message names the pictures that it is about in its last line, which people and models read alike: "Pictures: images/beans.webp".
const LINE = /(?:^|\n)\s*Pictures: ([^\n]+)$/;
const PATH = /^[^,\n]+\.[a-z0-9]+$/i;

export function withPictures(text, paths) {
  return paths.length ? `${text}\n\nPictures: ${paths.join(', ')}`.trimStart() : text;
}

/** A message without that line, and the paths in it. */
export function splitPictures(message) {
  const found = LINE.exec(message);
  const paths = found?.[1].split(', ') ?? [];
  if (!found || !paths.every((path) => PATH.test(path))) return { text: message, paths: [] };
  return { text: message.slice(0, found.index).trimEnd(), paths };
}
