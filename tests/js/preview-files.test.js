import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withImports } from '../../static/js/preview/imports.js';

/** A style, with those of the given files that it imports: `read` knows addresses that are paths. */
const flat = (css, files = {}) => {
  const read = (path) => (path in files ? { path, text: files[path] } : null);
  return withImports(css, 'style.css', read, (text) => text).replace(/\s+/g, ' ').trim();
};

test('what a style imports stands in the place of the import', () => {
  const files = { 'base.css': 'p{}', 'more.css': '/* More */@charset "utf-8";@import\'base.css\';a{}', 'a;b.css': 'b{}' };
  for (const [css, expected] of Object.entries({
    '@import "base.css";i{}': 'p{} i{}',
    '@IMPORT url(base.css);\n@import url( "more.css" );i{}': 'p{} /* More */@charset "utf-8";p{} a{} i{}',
    '/* @import "base.css"; */ @layer x, y; @import/**/"a;b.css"/* ; */;i{}': '/* @import "base.css"; */ @layer x, y;b{} i{}',
    '@import url(a;b.css)': 'b{}',
    '@import "base.css" print, (width > 9px);': '@media print, (width > 9px){p{}}',
    '@import "base.css" layer(x) supports(not (display: grid)) screen;': '@layer x{@supports (not (display: grid)){@media screen{p{}}}}',
    '@import "base.css" layer;': '@layer {p{}}',
    '@import "elsewhere.css";@import "base.css";': '@import "elsewhere.css";p{}',
    'i{}@import "base.css";': 'i{}@import "base.css";',
    '@layer x{}@import "base.css";': '@layer x{}@import "base.css";',
    '@import "base': '@import "base',
    '@imports "base.css";': '@imports "base.css";',
  })) assert.equal(flat(css, files), expected, css);
});

test('what is imported ends neither early nor late', () => {
  for (const [text, expected] of Object.entries({
    'p{}}b{}': '@media print{p{}b{}} i{}', 'p{': '@media print{p{ }} i{}', 'p{color:a("x': '@media print{p{color:a("x )}} i{}',
    'p{}/*': '@media print{p{}/**/} i{}', 'p{}/*/': '@media print{p{}/*/*/} i{}', 'p{a:url(x{y)}': '@media print{p{a:url(x{y)}} i{}',
  })) assert.equal(flat('@import "a.css" print;i{}', { 'a.css': text }), expected, text);
});

test('imports in a circle, or made to cost, end', () => {
  assert.equal(flat('@import "a.css";i{}', { 'style.css': 'i{}', 'a.css': '@import "style.css";@import "b.css";a{}', 'b.css': '@import "a.css";b{}' }), 'b{} a{} i{}');
  const doubling = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`${at}.css`, `${`@import "${at + 1}.css";`.repeat(50)}a{}`]));
  assert.ok(flat('@import "0.css";', doubling).length < 2_000_000);
  const long = { 'a.css': 'a{}'.repeat(300_000), 'e.css': '' };
  assert.ok(flat('@import "a.css";'.repeat(100), long).length < 2_000_000);
  for (const piece of ['/*', '/**/', '"', '\\', 'url(', 'url( ', '@layer x;', '@layer /**/', '@import "e.css";', '@import ', '(', '}', ' ', '\n"']) {
    flat(piece.repeat(100_000), long);
    flat(`@import "x.css" print;`, { 'x.css': piece.repeat(100_000) });
  }
});
