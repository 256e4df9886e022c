import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressToOpen, placeIn, plainText, readMessage } from '../../static/js/builder/preview-messages.js';

test('only numbers and capped plain text of a frame are believed', () => {
  assert.deepEqual(readMessage({ preview: 'scroll', x: Number.NaN, y: 1e300 }), { type: 'scroll', x: 0, y: 10_000_000 });
  assert.deepEqual(readMessage({ preview: 'scroll', x: '5', y: { valueOf: () => 5 } }), { type: 'scroll', x: 0, y: 0 });
  assert.deepEqual(placeIn({ x: -3, y: 40 }), { x: 0, y: 40 });
  const { hashes, hasScripts } = readMessage({ preview: 'page', hasScripts: 'yes', hashes: [1, 'x', 2.5, {}, ...Array(9_000).fill(7)] });
  assert.equal(hasScripts, false);
  assert.ok(hashes.length < 5_000 && hashes.every(Number.isInteger));
  const link = readMessage({ preview: 'link', kind: 'constructor', address: `a\u202e\u0000b${'x'.repeat(90_000)}` });
  assert.equal(link.kind, 'other');
  assert.ok(link.address.startsWith('a bxx') && link.address.length <= 2_001);
  assert.equal(readMessage({ preview: 'link', kind: 'mail', address: ['a'] }).address, '');
});

test('other messages are none', () => {
  for (const data of [null, undefined, 'page', 7, [], { preview: 'sign-out' }, { preview: ['page'] }, { preview: 'toString' }]) assert.equal(readMessage(data), null);
});

test('only http and https addresses may be opened, without what looks like another host', () => {
  assert.equal(addressToOpen('https://luna.example/a?b#c'), 'https://luna.example/a?b#c');
  assert.equal(addressToOpen('https://bank.example:pass@evil.example/'), 'https://evil.example/');
  assert.equal(addressToOpen('http://bücher.example/'), 'http://xn--bcher-kva.example/');
  for (const text of ['javascript:alert(1)', 'data:text/html,x', 'blob:https://luna.example/1', 'file:///etc/passwd', 'luna.example', '', plainText(`https://luna.example/${'x'.repeat(3_000)}`, 2_000)]) {
    assert.equal(addressToOpen(text), null, text.slice(0, 30));
  }
});
