import assert from 'node:assert/strict';
import { test } from 'node:test';
import { threadsOf, threadsOn } from '../../static/js/comments/threads.js';
import { niceTop } from '../../static/js/figures/plot.js';

test('a plot ends at a number that is easy to read', () => {
  assert.deepEqual([0, 1, 4, 5, 11, 99, 100, 101, 4_321].map(niceTop), [4, 4, 4, 5, 20, 100, 100, 200, 5_000]);
});

test('what was said about one element is a thread, oldest first, also with the replies of the owner', () => {
  const said = (author, start, at, more = {}) => ({ author, path: 'index.html', start, end: start + 5, text: 'x', version_id: 'v', is_read: true, is_resolved: false, created_at: `2026-12-01T10:0${at}:00+00:00`, ...more });
  const threads = threadsOf([said(null, 0, 3), said('Bob', 9, 2, { is_read: false }), said('Bob', 0, 1, { is_resolved: true }), said('Bob', 0, 0, { version_id: 'w' })]);
  assert.deepEqual(threads.map(({ number, versionId, start, comments, isResolved, isUnread }) => [number, versionId, start, comments.length, isResolved, isUnread]), [[1, 'w', 0, 1, false, false], [2, 'v', 0, 2, true, false], [3, 'v', 9, 1, false, true]]);
  assert.deepEqual(threadsOn(threads, 'index.html', 'v').map(({ number }) => number), [2, 3]);
});
