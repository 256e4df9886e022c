const FOLDER = 'images';
const LONGEST = 60;
const LETTERS = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };
// Windows keeps these names to itself, and the server refuses them.
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

/** Where a picture goes that comes as a file of this name: a path that none of the version's files has. */
export function pathFor(fileName, taken) {
  const slug = slugOf(fileName);
  for (let count = 1; ; count += 1) {
    const path = `${FOLDER}/${slug}${count > 1 ? `-${count}` : ''}.webp`;
    if (!taken.has(path)) return path;
  }
}

function slugOf(fileName) {
  const stem = fileName.slice(0, 500).replace(/\.[^.]*$/, '').toLowerCase();
  const plain = stem.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[^a-z0-9]/g, (letter) => LETTERS[letter] ?? '-');
  const slug = plain.replace(/-+/g, '-').slice(0, LONGEST).replace(/^-|-$/g, '') || 'picture';
  return DEVICE.test(slug) ? `${slug}-picture` : slug;
}

/** What a picture is called where people read it: "images/red-beans.webp" is "red-beans". */
export const nameOf = (path) => path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
