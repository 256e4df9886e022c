export const PICTURE = { width: 1280, height: 800 };
const NOT_IN_PICTURES = 'script, noscript, template, iframe, frame, object, embed, link, meta, base, noframes:not([data-page-style])';
const PARTS = /<!--[\s\S]*?(?:-->|$)|<(script|style)\b([^<>]*)>([\s\S]*?)(?:<\/\1\s*>|$)|<base\b[^<>]*>|(<[a-z][^<>]*>)/gi;
const asIs = { createHTML: (html) => html };
// Only for a document that is never shown.
const trusted = globalThis.trustedTypes?.createPolicy('sitethread', asIs) ?? asIs;

/**
 * The first screen of a page as an image, in a data: address.
 *
 * Browsers run no script in an image, let it load nothing and send no click into it: it is a picture of the page and
 * nothing more, at none of the cost of a frame.
 */
export function pagePicture(html) {
  const page = parse(html);
  for (const element of page.querySelectorAll(NOT_IN_PICTURES)) element.remove();
  for (const element of page.querySelectorAll('*')) dropUnwritable(element);
  const { width, height } = PICTURE;
  const root = withStyles(new XMLSerializer().serializeToString(page.documentElement));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><style>body{min-height:${height}px}</style><foreignObject width="${width}" height="${height}">${root}</foreignObject></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg.toWellFormed())}`;
}

// A document that is made here is held to our policy, and each of its styles would be logged as an offence. They go
// through in disguise: as the one other element whose text is as raw and may be in a head, and as another attribute.
function parse(html) {
  const disguised = html.replace(PARTS, (_all, raw, attributes, text, tag) => {
    if (tag) return tag.replace(/\s(style|on\w+)(?=\s*=)/gi, (_name, name) => ` data-page-${name.toLowerCase()}`);
    return raw?.toLowerCase() === 'style' ? `<noframes data-page-style${attributes}>${withCanvas(text)}</noframes>` : '';
  });
  return new DOMParser().parseFromString(trusted.createHTML(disguised), 'text/html');
}

function withStyles(xml) {
  return xml.replaceAll('<noframes data-page-style=""', '<style').replaceAll('</noframes>', '</style>').replaceAll(' data-page-style="', ' style="');
}

// The root of the image is the svg element: what a page says of `html` (its background, the size of a rem) is said of it.
function withCanvas(css) {
  return css.replace(/(^|[{},])(\s*)html(?=\s*[,{])/g, '$1$2:root,html');
}

// HTML allows names that XML can't be written with; one of them would cost the whole picture.
function dropUnwritable(element) {
  for (const { name } of [...element.attributes]) if (name.startsWith('on') || !/^[a-z][\w.-]*$/i.test(name)) element.removeAttribute(name);
}
