import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sources, toolCalls } from '../../static/js/answers/attachments.js';

const ODD = [null, undefined, 0, 7, '', 'x', true, {}, [], [null], [undefined], [7], ['x'], [[]], [{}],
  [{ name: 7, url: 7, title: 7 }], [{ name: null, function: 7, result: 0 }], [{ function: { name: {} }, url: [], title: {} }]];

test('whatever is stored as tool calls is shown as texts', () => {
  for (const stored of ODD) {
    for (const call of toolCalls(stored)) assert.deepEqual(Object.values(call).map((value) => typeof value), ['string', 'string']);
  }
  assert.deepEqual(toolCalls([null, { name: 'check_page', result: { a: 1 } }, { function: { name: 'x' } }]), [
    { name: 'check page', result: '{\n  "a": 1\n}' }, { name: 'x', result: '' },
  ]);
});

test('whatever is stored as sources is shown as texts, and only web addresses are links', () => {
  for (const stored of ODD) {
    for (const source of sources(stored)) assert.deepEqual(Object.values(source).map((value) => typeof value), ['string', 'string']);
  }
  assert.deepEqual(sources([null, { url: 'https://example.com' }, { url: 'javascript:alert(1)', title: 'Click' }]), [
    { title: 'https://example.com', url: 'https://example.com' }, { title: 'Click', url: '' },
  ]);
});
