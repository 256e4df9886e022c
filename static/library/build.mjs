// Writes static/dist/library: a stylesheet for each family of families.json with its fonts in it, the icons, and manifest.json, which says
// what there is. Websites get copies of them (sitethread/library/), so all of it is text that needs no other file.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { transform } from 'esbuild';
import subsetFont from 'subset-font';

const PACKAGES = 'node_modules';
const SUBSETS = ['latin', 'latin-ext'];
// What European languages are written with; the rest of latin-ext, for phonetics, Vietnamese and medieval texts, is two thirds of its bytes.
const EUROPEAN =
  'U+0100-017F,U+018F,U+0192,U+01E6-01E7,U+01FA-01FF,U+0218-021B,U+0259,U+02C7,U+02D8-02DD,U+0300-0308,U+030C,U+0327-0328,U+1E80-1E85,U+1E9E,U+1EF2-1EF3,U+20A0-20C0';
// Packages without variable fonts, by the weights that are taken of them.
const WEIGHTS = { poppins: [400, 500, 600, 700] };

/** Build the library into a folder, unless it was built of the same packages. */
export async function buildLibrary(folder) {
  const kinds = JSON.parse(await readFile('static/library/families.json', 'utf8'));
  const families = Object.entries(kinds).flatMap(([kind, names]) => names.map((name) => ({ kind, name, slug: name.toLowerCase().replaceAll(' ', '-') })));
  const madeOf = await fingerprint(families);
  const last = await readFile(`${folder}/manifest.json`, 'utf8').then(JSON.parse, () => ({}));
  if (last.madeOf === madeOf) return;
  await rm(folder, { recursive: true, force: true });
  await mkdir(`${folder}/fonts`, { recursive: true });
  for (const family of families) await writeFile(`${folder}/fonts/${family.slug}.css`, await stylesheet(family));
  await writeFile(`${folder}/icons.json`, JSON.stringify(await icons()));
  // The last: whoever finds it finds all of them.
  await writeFile(`${folder}/manifest.json`, `${JSON.stringify({ madeOf, families }, null, 2)}\n`);
}

async function fingerprint(families) {
  const hash = createHash('sha256');
  for (const file of ['build.mjs', 'icons.css']) hash.update(await readFile(`static/library/${file}`));
  for (const name of [...families.map(packageOf), 'bootstrap-icons']) hash.update(`${name} ${(await about(name)).version}\n`);
  return hash.update(JSON.stringify(families)).digest('hex');
}

const packageOf = ({ slug }) => (WEIGHTS[slug] ? `@fontsource/${slug}` : `@fontsource-variable/${slug}`);
const about = async (name) => JSON.parse(await readFile(`${PACKAGES}/${name}/package.json`, 'utf8'));

async function stylesheet(family) {
  const [name, { version }] = [packageOf(family), await about(packageOf(family))];
  const licence = await readFile(`${PACKAGES}/${name}/LICENSE`, 'utf8');
  const copyright = licence.split('\n', 1)[0].split(/ (?=[\w-]+(?:\[\w+(?:,\w+)*\])?\.ttf:)/)[0].replaceAll('*/', '');
  const faces = [];
  for (const face of await facesOf(family)) {
    // A font with a reserved name may not bear it when it is changed.
    const isCut = face.subset === 'latin-ext' && !/with Reserved Font Name/i.test(licence.split('-----', 1)[0]);
    const bytes = await readFile(`${PACKAGES}/${name}/files/${face.file}`);
    const font = isCut ? await subsetFont(bytes, charactersOf(EUROPEAN), { targetFormat: 'woff2' }) : bytes;
    faces.push(fontFace(family.name, { ...face, range: isCut ? EUROPEAN : face.range }, font));
  }
  return `/*! Library font: ${family.name}, of ${name} ${version}. ${copyright}\nSIL Open Font License 1.1: https://openfontlicense.org */\n${faces.join('')}`;
}

// The ranges and weights are those of the package's own stylesheets.
async function facesOf(family) {
  const sheets = WEIGHTS[family.slug] ? WEIGHTS[family.slug].map((weight) => `${weight}.css`) : ['index.css'];
  const faces = [];
  for (const sheet of sheets) {
    const css = await readFile(`${PACKAGES}/${packageOf(family)}/${sheet}`, 'utf8');
    for (const [, body] of css.matchAll(/@font-face \{([^}]*)\}/g)) {
      const file = /files\/([\w-]+\.woff2)/.exec(body)[1];
      const subset = SUBSETS.findLast((one) => file.startsWith(`${family.slug}-${one}-`));
      const [weight, range] = ['font-weight', 'unicode-range'].map((property) => new RegExp(`${property}: ([^;]+);`).exec(body)[1]);
      if (subset) faces.push({ file, subset, weight, range });
    }
  }
  return faces;
}

function fontFace(name, { weight, range }, font) {
  const data = `data:font/woff2;base64,${font.toString('base64')}`;
  return `@font-face{font-family:"${name}";font-style:normal;font-weight:${weight};font-display:swap;src:url(${data}) format("woff2");unicode-range:${range}}\n`;
}

function charactersOf(ranges) {
  return ranges
    .split(',')
    .flatMap((range) => {
      const [first, last = first] = range.replace('U+', '').split('-').map((code) => Number.parseInt(code, 16));
      return Array.from({ length: last - first + 1 }, (_, place) => String.fromCodePoint(first + place));
    })
    .join('');
}

// {"css": what all icons have, "icons": {name: its drawing as a data URL}}
async function icons() {
  const found = {};
  for (const file of (await readdir(`${PACKAGES}/bootstrap-icons/icons`)).sort()) {
    if (!file.endsWith('.svg')) continue;
    const svg = await readFile(`${PACKAGES}/bootstrap-icons/icons/${file}`, 'utf8');
    const drawing = svg.replace(/^[^>]*>/, '').replace(/\s*\n\s*/g, '');
    found[file.slice(0, -4)] = `data:image/svg+xml,${encoded(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${drawing}`)}`;
  }
  const { version } = await about('bootstrap-icons');
  const copyright = /Copyright .*/.exec(await readFile(`${PACKAGES}/bootstrap-icons/LICENSE`, 'utf8'))[0];
  const { code } = await transform(await readFile('static/library/icons.css', 'utf8'), { loader: 'css', minify: true });
  const licence = 'MIT License: https://github.com/twbs/icons/blob/main/LICENSE';
  return { css: `/*! Library icons: of bootstrap-icons ${version}. ${copyright}\n${licence} */\n${code}`, icons: found };
}

// Without parentheses and double quotes it stands in url("…") for every reader of CSS.
const encoded = (svg) => svg.replaceAll('"', "'").replace(/[%#<>()]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
