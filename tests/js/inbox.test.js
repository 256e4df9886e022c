import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf, isUndelivered, noticeText, reasons, senderOf, summaryOf } from '../../static/js/inbox/texts.js';

const row = (fields, more = {}) => ({
  fields: Object.entries(fields).map(([name, value]) => ({ name, value })), marks: [], mail_notice: 'none', webhook_notice: 'none', created_at: '2026-12-01T10:00:00+00:00', ...more,
});
const minutesLater = (minutes) => Date.parse('2026-12-01T10:00:00Z') + minutes * 60_000;

test('who sent something is a name, else an address, else what they wrote', () => {
  assert.equal(senderOf(row({ email: 'bob@b.example', 'Your name': ' Bob ' })), 'Bob');
  assert.equal(senderOf(row({ text: 'Hi', 'E-mail': 'bob@b.example', name: ' ' })), 'bob@b.example');
  assert.equal(senderOf(row({ text: `Hi${'!'.repeat(99)}` })).length, 80);
  assert.equal(senderOf(row({})), 'Nothing');
});

test('an answer goes to what is one address and nothing else', () => {
  assert.equal(addressOf(row({ text: 'Write to a@b.example', mail: ' bob@b.example ' })), 'bob@b.example');
  for (const text of ['a@b', 'a@b.example, c@d.example', '<a@b.example>', 'a@b.example?bcc=c@d.example,x']) assert.equal(addressOf(row({ text })), null, text);
});

test('a submission in one line is the beginning of its longest text', () => {
  assert.equal(summaryOf(row({ name: 'Bob', text: 'A table\n\nfor two' })), 'A table for two');
  assert.equal(summaryOf(row({ text: 'x'.repeat(999) })).length, 140);
});

test('a notice is on its way for 75 minutes, then it was lost', () => {
  const waiting = row({}, { mail_notice: 'waiting', webhook_notice: 'sent' });
  assert.deepEqual([isUndelivered(waiting, minutesLater(74)), isUndelivered(waiting, minutesLater(76))], [false, true]);
  assert.equal(noticeText(waiting, minutesLater(1)), 'A notice is on its way.');
  assert.equal(noticeText(row({}, { mail_notice: 'sent', webhook_notice: 'sent' })), 'You were told by mail and by webhook.');
  assert.ok(isUndelivered(row({}, { webhook_notice: 'failed' }), minutesLater(0)));
  assert.equal(noticeText(row({})), '');
});

test('each mark of what is quarantined is told in a sentence', () => {
  assert.deepEqual(reasons(row({}, { marks: ['honeypot', 'new'] })), ['A field was filled in that people don’t see.', 'new']);
});
