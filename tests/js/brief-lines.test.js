import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsIn, hasLine, merged, withLine, withoutLine } from '../../static/js/brief/lines.js';

test('what two devices wrote is kept', () => {
  assert.equal(merged('Hours: 8', 'Hours: 8\nWarm', 'Hours: 8\nNo pink'), 'Hours: 8\nWarm\nNo pink');
  assert.equal(merged('Hours: 8', 'Hours: 9', 'Hours: 7'), 'Hours: 9\nHours: 7');
  assert.equal(merged('', 'From the phone', 'From the laptop'), 'From the phone\nFrom the laptop');
});

test('what only one of them changed is taken as it is', () => {
  assert.equal(merged('A', 'A', 'B'), 'B');
  assert.equal(merged('A', 'B', 'A'), 'B');
  assert.equal(merged('A', '', 'A\nB'), 'A\nB');
});

test('a line is added once, and taken back', () => {
  const text = withLine('Hours: 8\n', 'Closed on Mondays');
  assert.equal(text, 'Hours: 8\nClosed on Mondays');
  assert.equal(withLine(' ', 'Closed'), 'Closed');
  assert.ok(hasLine('- closed on mondays.', 'Closed on Mondays') && !hasLine(text, 'Closed'));
  assert.equal(withoutLine(text, 'closed on Mondays'), 'Hours: 8');
});

test('facts are lines that begin with the word', () => {
  assert.deepEqual(factsIn('Fine.\nRemember: closed on Mondays \nremember: no pink\nI remember: you'), ['closed on Mondays', 'no pink']);
  assert.deepEqual(factsIn('Remember:\nRemember that'), []);
});
