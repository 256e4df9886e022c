import assert from 'node:assert/strict';
import { test } from 'node:test';
import { undoSteps } from '../../static/js/builder/undo-steps.js';

/** What undo and redo go to after some steps: "new" makes a version, a number restores that version. */
function after(...steps) {
  const rows = [];
  for (const step of steps) {
    const number = rows.length + 1;
    rows.unshift({ id: number, number, base_version_id: rows[0]?.id ?? null, source: step === 'new' ? 'answer' : 'restore', restored_from: step === 'new' ? null : step });
  }
  const { undo, redo } = undoSteps(rows);
  return [undo?.number ?? null, redo?.number ?? null];
}

test('undo goes back step by step, redo forward again', () => {
  assert.deepEqual(after(), [null, null]);
  assert.deepEqual(after('new'), [null, null]);
  assert.deepEqual(after('new', 'new', 'new'), [2, null]);
  assert.deepEqual(after('new', 'new', 'new', 2), [1, 3]);
  assert.deepEqual(after('new', 'new', 'new', 2, 1), [null, 2]);
  assert.deepEqual(after('new', 'new', 'new', 2, 1, 2), [1, 3]);
  assert.deepEqual(after('new', 'new', 'new', 2, 1, 2, 3), [2, null]);
});

test('a new version ends what could be redone', () => {
  assert.deepEqual(after('new', 'new', 1, 'new'), [1, null]);
});

test('a restore from the list is undone like anything else', () => {
  assert.deepEqual(after('new', 'new', 'new', 1), [3, null]);
  assert.deepEqual(after('new', 'new', 'new', 1, 3), [2, 1]);
});

test('a restore of a restore is its files', () => {
  assert.deepEqual(after('new', 'new', 1, 2, 3), [null, 2]);
});

test('what was made on another path is no step', () => {
  const rows = [
    { id: 3, number: 3, base_version_id: 1, source: 'answer' },
    { id: 2, number: 2, base_version_id: 1, source: 'answer' },
    { id: 1, number: 1, base_version_id: null, source: 'answer' },
  ];
  assert.equal(undoSteps(rows).undo.number, 1);
});
