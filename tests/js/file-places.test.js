import assert from 'node:assert/strict';
import test from 'node:test';
import { faultInWords, placeInWords } from '../../static/js/text/file-places.js';

test('places are counted from one, as people do', () => {
  assert.equal(placeInWords('messages.1.role'), 'message 2, “role”');
  assert.equal(placeInWords('messages.0'), 'message 1');
  assert.equal(placeInWords('messages.9.tool_calls.0'), 'message 10, tool calls, entry 1');
  assert.equal(placeInWords('session.title'), 'the chat, “title”');
  assert.equal(placeInWords('messages'), 'the messages');
  assert.equal(placeInWords('format'), '“format”');
  assert.equal(placeInWords('line 3, column 5'), 'line 3, column 5');
});

test('a fault is said without its place', () => {
  const message = "Not a chat that was exported here: messages.1.role: should be 'user' or 'assistant'.";
  assert.equal(faultInWords(message, 'messages.1.role'), "Should be 'user' or 'assistant'.");
  const notJson = 'Not a chat that was exported here: The body is not valid JSON.';
  assert.equal(faultInWords(notJson, 'line 3, column 5'), 'It is not JSON from there on, or ends too early.');
  const twice = 'Not a chat that was exported here: line 1, column 1: An object in the body has the same key twice.';
  assert.equal(faultInWords(twice, 'line 1, column 1'), 'An object in the body has the same key twice.');
});
