import { INDEX } from '../preview/destinations.js';

const PAGE = /\.html?$/i;
const BETWEEN_NAMES = /\s[–—|·-]\s/;

/** What a page is called: by the beginning of its title, else by its path. */
export function nameOf(path, title = '') {
  if (path === INDEX) return 'Home';
  const stem = path.split('/').at(-1).replace(PAGE, '').replace(/[-_]+/g, ' ');
  return title.split(BETWEEN_NAMES)[0] || stem.replace(/^./u, (first) => first.toUpperCase());
}

/** Which page an answer is best seen by: one that it made, else the shown one if it changed that. `places` are as the API tells them. */
export function changedPage(places, shown) {
  const pages = places.filter(({ path }) => PAGE.test(path));
  const made = pages.find(({ path, start }) => start === 0 && path !== INDEX);
  if (made) return made.path;
  return pages.length && !pages.some(({ path }) => path === shown) ? pages[0].path : shown;
}
