import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newText } from '../../static/js/answers/deltas.js';
import { countCodePoints, dropCodePoints } from '../../static/js/text/code-points.js';

test('an emoji is one code point and two UTF-16 units', () => {
  assert.equal(countCodePoints('a🙂👩‍👧'), 5);
  assert.equal(dropCodePoints('🙂🙂b', 1), '🙂b');
  assert.equal(dropCodePoints('ab', 9), '');
});

test('text that follows on is taken whole', () => {
  assert.deepEqual(newText(3, 5, '🙂b'), { text: '🙂b', have: 5, gap: false });
});

test('text that was there already is skipped', () => {
  assert.deepEqual(newText(5, 5, 'hello'), { text: '', have: 5, gap: false });
});

test('an overlap adds only what is new', () => {
  assert.deepEqual(newText(2, 5, '🙂a🙂bc'), { text: '🙂bc', have: 5, gap: false });
});

test('a gap is reported, not papered over', () => {
  assert.equal(newText(2, 9, 'abc').gap, true);
});
