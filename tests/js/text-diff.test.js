import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textDiff } from '../../static/js/versions/text-diff.js';

const lines = (from, to) => Array.from({ length: to - from + 1 }, (_, at) => `line ${from + at}`).join('\n');
const told = (older, newer) => textDiff(older, newer).map(({ kind, lines: { length }, isFolded }) => `${length} ${kind}${isFolded ? ', folded' : ''}`);

test('what is the same and far from a change is folded', () => {
  assert.deepEqual(told(lines(1, 40), `${lines(1, 20)}\nnew\n${lines(22, 40)}\n`), ['17 same, folded', '3 same', '1 removed', '1 added', '3 same', '16 same, folded']);
  assert.deepEqual(told('a\nb', 'a\nc'), ['1 same', '1 removed', '1 added']);
});

test('a file that is new or gone is all added or all removed', () => {
  assert.deepEqual(told('', 'a\nb\n'), ['2 added']);
  assert.deepEqual(told('a\nb\n', ''), ['2 removed']);
});

test('a page on one line is told apart by its tags', () => {
  const page = (word) => `<html>${'<p>Hello</p>'.repeat(50)}<h1>${word}</h1></html>`;
  assert.deepEqual(told(page('One'), page('Two')), ['48 same, folded', '3 same', '1 removed', '1 added', '1 same']);
});

test('texts that have nothing in common end soon', () => {
  const noise = (seed) => Array.from({ length: 60_000 }, (_, at) => `${seed} ${at * 7919}`).join('\n');
  assert.deepEqual(told(noise('a'), noise('b')), ['60000 removed', '60000 added']);
});
