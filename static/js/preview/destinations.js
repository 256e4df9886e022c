const SITE = 'https://site.invalid';
const KINDS = { 'mailto:': 'mail', 'tel:': 'phone', 'sms:': 'phone', 'http:': 'outside', 'https:': 'outside' };

/** What a link leads to: {kind, address}. Of kind `anchor`, the address is the id of an element of the page, '' its top. */
export function destination(href, isDownload = false) {
  let url;
  try {
    url = new URL(href, `${SITE}/`);
  } catch {
    return { kind: 'other', address: href };
  }
  if (url.origin === SITE) return isDownload ? { kind: 'file', address: url.pathname } : withinSite(url);
  const kind = KINDS[url.protocol] ?? 'other';
  return { kind: isDownload && kind === 'outside' ? 'file' : kind, address: kind === 'outside' ? url.href : decoded(url.pathname) };
}

function withinSite({ pathname, search, hash }) {
  if (/^\/(index\.html?)?$/.test(pathname)) return { kind: 'anchor', address: hash.slice(1) };
  return { kind: 'site', address: decoded(pathname + search) };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
