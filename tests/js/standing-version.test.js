import assert from 'node:assert/strict';
import { test } from 'node:test';
import { standingVersion } from '../../static/js/builder/standing-version.js';

/** Versions from a line each: "number from base by chat", newest first. */
function versions(...lines) {
  const rows = lines.map((line) => {
    const [number, base, chat] = line.split(' ');
    return { id: `v${number}`, number: Number(number), base_version_id: base === '-' ? null : `v${base}`, session_id: chat ?? null, message_id: chat ? `m${number}` : null };
  });
  return rows.reverse();
}

const path = (...numbers) => numbers.map((number) => (number ? { version_id: `v${number}`, version_number: number } : {}));
const standing = (rows, shown, { chat = { id: 'A' }, hasOlder = false } = {}) => standingVersion({ path: path(...shown), chat, hasOlder }, rows);

test('the newest version stands at the end of a chat', () => {
  assert.equal(standing(versions('1 - A', '2 1 A'), [0, 1, 0, 2]), 'v2');
});

test('an alternative stands at its own version, what comes before it at the one before', () => {
  const rows = versions('1 - A', '2 1 A', '3 1 A');
  assert.equal(standing(rows, [1, 2]), 'v2');
  assert.equal(standing(rows, [1]), 'v1');
  assert.equal(standing(rows, [0]), null);
});

test('what another chat or a restore made since is kept', () => {
  assert.equal(standing(versions('1 - A', '2 1 B', '3 2'), [1]), 'v3');
  assert.equal(standing(versions('1', '2 1 B'), []), 'v2');
  assert.equal(standing(versions('1', '2 1 A', '3 2 B'), [0]), 'v1');
});

test('a branch stands where it was made, until it has made a version itself', () => {
  const chat = { id: 'B', branched_from_session_id: 'A' };
  assert.equal(standing(versions('1 - A', '2 1 A'), [1], { chat }), 'v1');
  assert.equal(standing(versions('1 - A', '2 1 B', '3 2 A'), [1, 2], { chat }), 'v3');
});

test('a version that is not in the list yet stands, one of another website does not', () => {
  assert.equal(standing(versions('1 - A'), [2]), 'v2');
  assert.equal(standing([], [1]), 'v1');
  assert.equal(standingVersion({ path: [{ version_id: 'other', version_number: 1 }], chat: { id: 'A' } }, versions('1', '2 1')), 'v2');
  assert.equal(standing([], []), null);
});

test('while older messages are not loaded, the newest version is taken', () => {
  assert.equal(standing(versions('1 - A', '2 1 A'), [0], { hasOlder: true }), 'v2');
});
