// Bundles the pages' modules and stylesheet into static/dist under content-hashed names; manifest.json maps
// "app.js" to the current name, so that files can be cached for ever and a new build is never stale.
// With --watch it builds again whenever a source changes.
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { build, context } from 'esbuild';

const OUT = 'static/dist';
const ENTRIES = ['js/app.js', 'js/websites.js', 'js/builder.js', 'js/docs.js', 'js/shared.js', 'js/start.js', 'css/app.css'];
const isWatching = process.argv.includes('--watch');

const options = {
  entryPoints: ENTRIES.map((path) => `static/${path}`),
  outdir: OUT,
  entryNames: '[name]-[hash]',
  chunkNames: 'chunk-[hash]',
  assetNames: '[name]-[hash]',
  loader: { '.woff2': 'file' },
  bundle: true,
  splitting: true,
  minify: true,
  sourcemap: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'linked',
  metafile: true,
  logLevel: isWatching ? 'info' : 'warning',
  plugins: [{ name: 'manifest', setup: ({ onEnd }) => onEnd(publish) }],
};

async function publish({ errors, metafile }) {
  if (errors.length) return;
  const manifest = {};
  for (const [path, output] of Object.entries(metafile.outputs)) {
    if (output.entryPoint && ENTRIES.includes(output.entryPoint.replace('static/', ''))) {
      manifest[basename(output.entryPoint)] = basename(path);
    }
  }
  // A server that is running sees the old files or the new ones, never half of each.
  await writeFile(`${OUT}/manifest.json.new`, `${JSON.stringify(manifest, null, 2)}\n`);
  await rename(`${OUT}/manifest.json.new`, `${OUT}/manifest.json`);
  const current = new Set([...Object.keys(metafile.outputs).map((path) => basename(path)), 'manifest.json']);
  for (const name of await readdir(OUT)) {
    if (!current.has(name)) await rm(`${OUT}/${name}`, { recursive: true, force: true });
  }
}

if (isWatching) await (await context(options)).watch();
else await build(options);
