import { PageFiles } from '../preview/files.js';

export const PICTURE = { width: 1280, height: 800 };
const NOT_RENDERED = 'script, noscript, template, iframe, frame, object, embed, link, meta, base, noframes:not([data-page-style])';
const STYLES_AND_TAGS = /<!--[\s\S]*?(?:-->|$)|<(script|style)\b([^<>]*)>([\s\S]*?)(?:<\/\1\s*>|$)|<base\b[^<>]*>|(<[a-z][^<>]*>)/gi;
const asIs = { createHTML: (html) => html };
// Only for a document that is never shown.
const trusted = globalThis.trustedTypes?.createPolicy('sitethread', asIs) ?? asIs;

/**
 * Render the first screen of a page as an SVG image; returns a data: URL. `files` are those that it shows, as data URLs by path.
 *
 * In an image, browsers run no scripts, load nothing and send no clicks, and it costs less than a frame.
 */
export function pagePicture(html, files = {}) {
  const page = parse(html);
  showFiles(page, new PageFiles(files, 'index.html'));
  for (const element of page.querySelectorAll(NOT_RENDERED)) element.remove();
  for (const element of page.querySelectorAll('*')) dropUnwritable(element);
  const { width, height } = PICTURE;
  const root = withStyles(new XMLSerializer().serializeToString(page.documentElement));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><style>body{min-height:${height}px}</style><foreignObject width="${width}" height="${height}">${root}</foreignObject></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg.toWellFormed())}`;
}

// The parsed document is under our content security policy, which would log each of its styles as a violation. So styles
// are renamed while parsing: `style` elements to `noframes` (also raw text, also allowed in head), attributes to data-page-….
// withStyles() names them back.
function parse(html) {
  const renamed = html.replace(STYLES_AND_TAGS, (_all, raw, attributes, text, tag) => {
    if (tag) return tag.replace(/\s(style|on\w+)(?=\s*=)/gi, (_name, name) => ` data-page-${name.toLowerCase()}`);
    return raw?.toLowerCase() === 'style' ? `<noframes data-page-style${attributes}>${withCanvas(text)}</noframes>` : '';
  });
  return new DOMParser().parseFromString(trusted.createHTML(renamed), 'text/html');
}

function showFiles(page, files) {
  if (files.isEmpty) return;
  for (const element of page.querySelectorAll('*')) {
    const style = element.localName === 'link' ? files.styleOf(element) : null;
    if (style !== null) element.replaceWith(styleElement(page, style));
    else if (element.localName === 'noframes' && 'pageStyle' in element.dataset) element.textContent = withCanvas(files.style(element.textContent));
    else if (element.localName !== 'link') files.show(element);
    if (element.dataset?.pageStyle) element.dataset.pageStyle = files.css(element.dataset.pageStyle);
  }
}

function styleElement(page, css) {
  const style = page.createElement('noframes');
  style.setAttribute('data-page-style', '');
  style.textContent = withCanvas(css);
  return style;
}

function withStyles(xml) {
  return xml.replaceAll('<noframes data-page-style=""', '<style').replaceAll('</noframes>', '</style>').replaceAll(' data-page-style="', ' style="');
}

// The root of the image is the svg element: rules for `html` (background, size of a rem) must apply to it, too.
function withCanvas(css) {
  return css.replace(/(^|[{},])(\s*)html(?=\s*[,{])/g, '$1$2:root,html');
}

// HTML allows attribute names that XML does not; one of them would make the whole image invalid.
function dropUnwritable(element) {
  for (const { name } of [...element.attributes]) if (name.startsWith('on') || !/^[a-z][\w.-]*$/i.test(name)) element.removeAttribute(name);
}
