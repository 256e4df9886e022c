import assert from 'node:assert/strict';
import test from 'node:test';
import { describeError, describePlace } from '../../static/js/text/import-errors.js';

test('places are counted from one, as people do', () => {
  assert.equal(describePlace('messages.1.role'), 'message 2, “role”');
  assert.equal(describePlace('messages.0'), 'message 1');
  assert.equal(describePlace('messages.9.tool_calls.0'), 'message 10, tool calls, entry 1');
  assert.equal(describePlace('conversations.2'), 'chat 3');
  assert.equal(describePlace('session.title'), 'the chat, “title”');
  assert.equal(describePlace('messages'), 'the messages');
  assert.equal(describePlace('format'), '“format”');
  assert.equal(describePlace('line 3, column 5'), 'line 3, column 5');
});

test('a fault is said without its place', () => {
  const message = "Not a chat that can be imported: messages.1.role: should be 'user' or 'assistant'.";
  assert.equal(describeError(message, 'messages.1.role'), "Should be 'user' or 'assistant'.");
  const notJson = 'Not a chat that can be imported: The body is not valid JSON.';
  assert.equal(describeError(notJson, 'line 3, column 5'), 'It is not JSON from there on, or ends too early.');
  const twice = 'Not a chat that can be imported: line 1, column 1: An object in the body has the same key twice.';
  assert.equal(describeError(twice, 'line 1, column 1'), 'An object in the body has the same key twice.');
});
