import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineEdits } from '../../static/js/code/line-edits.js';

/** What the API makes of the edits: each is at its place of the text as it was. */
function made(before, edits) {
  const points = [...before];
  let [text, from] = ['', 0];
  for (const { find, replace, start, end } of edits) {
    assert.equal(points.slice(start, end).join(''), find);
    text += points.slice(from, start).join('') + replace;
    from = end;
  }
  return text + points.slice(from).join('');
}

function check(before, after) {
  const edits = lineEdits('index.html', before, after);
  assert.equal(made(before, edits), after);
  return edits;
}

test('only the lines that changed are replaced', () => {
  const edits = check('a 🍰\nb\nc\nd\ne\n', 'a 🍰\nB\nc\nd\nE\n');
  assert.deepEqual(edits, [
    { path: 'index.html', find: 'b\n', replace: 'B\n', start: 4, end: 6 },
    { path: 'index.html', find: 'e\n', replace: 'E\n', start: 10, end: 12 },
  ]);
});

test('a new line comes with the one before it, or behind it at the beginning', () => {
  assert.deepEqual(check('a\nb\n', 'a\nnew\nb\n').map(({ find, replace }) => [find, replace]), [['a\n', 'a\nnew\n']]);
  assert.deepEqual(check('a\nb\n', 'new\na\nb\n').map(({ find, replace }) => [find, replace]), [['a\n', 'new\na\n']]);
  check('', 'a\n');
  check('a', '');
  check('a', 'a\nb');
  assert.deepEqual(check('a\n', 'a\n'), []);
});

test('any text becomes any other', () => {
  let seed = 7;
  const random = (most) => {
    seed = (seed * 48271) % 2147483647;
    return seed % most;
  };
  const text = () => Array.from({ length: random(9) }, () => 'ab🍰\n'.repeat(random(2)) + 'xyz'[random(3)] + '\n'.repeat(random(3))).join('');
  for (let round = 0; round < 2_000; round++) check(text(), text());
});

test('what differs in many places or takes long to compare is one edit', () => {
  const lines = (make) => Array.from({ length: 1_000 }, (_, at) => make(at)).join('\n');
  assert.equal(check(lines(String), lines((at) => (at % 3 ? at : `new ${at}`))).length, 1);
  const noise = (name) => Array.from({ length: 60_000 }, (_, at) => `${name} ${at * 7919}`).join('\n');
  assert.equal(check(noise('a'), noise('b')).length, 1);
});
