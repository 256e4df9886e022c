const SITE = 'https://site.invalid';
export const INDEX = 'index.html';
const KINDS = { 'mailto:': 'mail', 'tel:': 'phone', 'sms:': 'phone', 'http:': 'outside', 'https:': 'outside' };

/**
 * What a link in a page of a path leads to: {kind, address}. Of kind `anchor`, the address is the id of an element of the page, '' its
 * top; of kind `site`, a path with what follows it.
 */
export function destination(href, { path = INDEX, isDownload = false } = {}) {
  let url;
  try {
    url = new URL(href, `${SITE}/${path}`);
  } catch {
    return { kind: 'other', address: href };
  }
  if (url.origin === SITE) return isDownload ? { kind: 'file', address: url.pathname } : withinSite(url, path);
  const kind = KINDS[url.protocol] ?? 'other';
  return { kind: isDownload && kind === 'outside' ? 'file' : kind, address: kind === 'outside' ? url.href : decoded(url.pathname) };
}

function withinSite({ pathname, search, hash }, path) {
  if (fileAt(decoded(pathname)) === path) return { kind: 'anchor', address: hash.slice(1) };
  return { kind: 'site', address: decoded(pathname + search + hash) };
}

/** The path of the file at an address within the site: a folder's is its index.html. */
export function fileAt(address) {
  const path = address.replace(/^\//, '').replace(/[?#].*$/s, '');
  return path === '' || path.endsWith('/') ? path + INDEX : path;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
