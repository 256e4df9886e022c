import assert from 'node:assert/strict';
import { test } from 'node:test';
import { relativeTime } from '../../static/js/text/relative-time.js';

const now = Date.parse('2026-06-15T12:00:00Z');
const ago = (seconds) => relativeTime(new Date(now - seconds * 1000).toISOString(), now);

test('time is told in the unit a person would use', () => {
  assert.equal(ago(5), 'just now');
  assert.equal(ago(-20), 'just now');
  assert.equal(ago(59), 'just now');
  assert.match(ago(60), /^1 min/);
  assert.match(ago(300), /^5 min/);
  assert.match(ago(2 * 3600), /^2 hr/);
  assert.equal(ago(86400 * 1.5), 'yesterday');
  assert.equal(ago(86400 * 30), 'May 16');
  assert.equal(ago(86400 * 400), 'May 11, 2025');
});

test('a missing time is an empty text', () => {
  assert.equal(relativeTime(null, now), '');
});
