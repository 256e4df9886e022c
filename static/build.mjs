// Bundles the pages' modules and stylesheet into static/dist under content-hashed names; manifest.json maps
// "app.js" to the current name, so that files can be cached for ever and a new build is never stale.
// With --watch it builds again whenever a source changes.
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { build, context } from 'esbuild';
import { buildLibrary } from './library/build.mjs';

const OUT = 'static/dist';
// What a preview, edit mode, or the checks before publishing run is one script, inlined under its hash, so it shares no files with the builder's pages.
const INLINED = ['js/preview/frame.js', 'js/inspector/inspector.js', 'js/checker/checker.js'];
const ENTRIES = ['js/app.js', 'js/websites.js', 'js/builder.js', 'js/account.js', 'js/docs.js', 'js/shared.js', 'js/start.js', 'css/app.css'];
const isWatching = process.argv.includes('--watch');

const written = new Map();

const common = {
  outdir: OUT,
  entryNames: '[name]-[hash]',
  chunkNames: 'chunk-[hash]',
  assetNames: '[name]-[hash]',
  loader: { '.woff2': 'file' },
  bundle: true,
  minify: true,
  target: 'es2022',
  metafile: true,
  logLevel: isWatching ? 'info' : 'warning',
};
const builds = [
  { ...common, entryPoints: ENTRIES.map((path) => `static/${path}`), splitting: true, format: 'esm', sourcemap: true, legalComments: 'linked' },
  ...INLINED.map((path) => ({ ...common, entryPoints: [`static/${path}`], format: 'iife', legalComments: 'eof' })),
];

function manifestPlugin(build) {
  return { name: 'manifest', setup: ({ onEnd }) => onEnd((result) => publish(build, result)) };
}

async function publish(build, { errors, metafile }) {
  if (errors.length) return;
  written.set(build, metafile.outputs);
  if (written.size < builds.length) return;
  const outputs = Object.assign({}, ...written.values());
  const manifest = {};
  for (const [path, output] of Object.entries(outputs)) {
    if (output.entryPoint && [...ENTRIES, ...INLINED].includes(output.entryPoint.replace('static/', ''))) {
      manifest[basename(output.entryPoint)] = basename(path);
    }
  }
  // A server that is running sees the old files or the new ones, never half of each.
  await writeFile(`${OUT}/manifest.json.new`, `${JSON.stringify(manifest, null, 2)}\n`);
  await rename(`${OUT}/manifest.json.new`, `${OUT}/manifest.json`);
  const current = new Set([...Object.keys(outputs).map((path) => basename(path)), 'manifest.json', 'library']);
  for (const name of await readdir(OUT)) {
    if (!current.has(name)) await rm(`${OUT}/${name}`, { recursive: true, force: true });
  }
}

await buildLibrary(`${OUT}/library`);
for (const options of builds) {
  const watched = { ...options, plugins: [manifestPlugin(options)] };
  if (isWatching) await (await context(watched)).watch();
  else await build(watched);
}
