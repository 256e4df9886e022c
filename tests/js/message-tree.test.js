import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alternatives, newestAfter, pathTo, buildTree, hasOlder, turnsOf } from '../../static/js/answers/message-tree.js';

const user = (id, seq, follows_id, more = {}) => ({ id, seq, role: 'user', follows_id, ...more });
const answer = (id, seq, follows_id) => ({ id, seq, role: 'assistant', reply_to: follows_id, follows_id });
const ids = (messages) => messages.map((message) => message.id);

// One: u1 → a1 → u2 → a2 and a2b; u2 asked again as u2b → b1; the first question asked again as v1 → w1.
const chat = [
  user('u1', 1, null), answer('a1', 2, 'u1'), user('u2', 3, 'a1'), answer('a2', 4, 'u2'), answer('a2b', 5, 'u2'),
  user('u2b', 6, 'a1', { edit_of: 'u2' }), answer('b1', 7, 'u2b'), user('v1', 8, null, { edit_of: 'u1' }), answer('w1', 9, 'v1'),
];

test('the newest message and what led to it is shown', () => {
  assert.deepEqual(ids(pathTo(buildTree(chat))), ['v1', 'w1']);
  assert.deepEqual(ids(pathTo(buildTree(chat.slice(0, 7)))), ['u1', 'a1', 'u2b', 'b1']);
  assert.deepEqual(pathTo(buildTree([])), []);
});

test('another leaf shows another path', () => {
  assert.deepEqual(ids(pathTo(buildTree(chat), 'a2')), ['u1', 'a1', 'u2', 'a2']);
  assert.deepEqual(ids(pathTo(buildTree(chat), 'gone')), ['v1', 'w1']);
});

test('alternatives follow the same message and have the same role, first messages too', () => {
  const tree = buildTree(chat);
  assert.deepEqual(ids(alternatives(tree, tree.byId.get('u2'))), ['u2', 'u2b']);
  assert.deepEqual(ids(alternatives(tree, tree.byId.get('a2b'))), ['a2', 'a2b']);
  assert.deepEqual(ids(alternatives(tree, tree.byId.get('u1'))), ['u1', 'v1']);
});

test('an alternative is shown with the newest that came after it', () => {
  const tree = buildTree(chat);
  assert.equal(newestAfter(tree, 'u1'), 'b1');
  assert.equal(newestAfter(tree, 'u2'), 'a2b');
  assert.equal(newestAfter(tree, 'a2'), 'a2');
});

test('turns carry the alternatives of both halves', () => {
  const tree = buildTree(chat);
  const turns = turnsOf(tree, pathTo(tree, 'a2b'));
  assert.deepEqual(turns.map((turn) => [turn.question.id, turn.answer.id, turn.answers.length]), [['u1', 'a1', 1], ['u2', 'a2b', 2]]);
  assert.deepEqual(turns.map((turn) => turn.questions.length), [2, 2]);
});

test('notes without an answer and answers without a question are turns of their own', () => {
  const tree = buildTree([user('n1', 1, null), user('n2', 2, 'n1'), answer('x', 3, 'n2'), { id: 'y', seq: 4, role: 'assistant', follows_id: 'x' }]);
  assert.deepEqual(turnsOf(tree, pathTo(tree)).map((turn) => [turn.question?.id, turn.answer?.id]), [['n1', undefined], ['n2', 'x'], [undefined, 'y']]);
});

test('a deleted message is skipped when all is loaded, and waited for when not', () => {
  const rest = [user('u1', 1, null), answer('a1', 2, 'u1'), user('u3', 5, 'a2')];
  assert.deepEqual(ids(pathTo(buildTree(rest))), ['u1', 'a1', 'u3']);
  const part = buildTree([user('u3', 5, 'a2')], { isWhole: false });
  assert.deepEqual(ids(pathTo(part)), ['u3']);
  assert.equal(hasOlder(part, pathTo(part)), true);
});

test('older pages matter only where the shown path leads to them', () => {
  const part = buildTree([answer('a2', 4, 'u2'), user('v1', 8, null), answer('w1', 9, 'v1')], { isWhole: false });
  assert.equal(hasOlder(part, pathTo(part)), false);
  const edited = buildTree([user('v1', 8, null, { edit_of: 'u1' }), answer('w1', 9, 'v1')], { isWhole: false });
  assert.equal(hasOlder(edited, pathTo(edited)), true);
});

test('a message that waits to be sent comes last and is nobody’s alternative', () => {
  const waiting = { id: 'q', role: 'user', delivery: 'queued' };
  const tree = buildTree([...chat.slice(0, 5), waiting]);
  assert.deepEqual(ids(pathTo(tree)), ['u1', 'a1', 'u2', 'a2b', 'q']);
  assert.deepEqual(ids(pathTo(tree, 'a2')), ['u1', 'a1', 'u2', 'a2']);
  assert.deepEqual(ids(alternatives(tree, waiting)), ['q']);
  assert.deepEqual(ids(pathTo(buildTree([waiting]))), ['q']);
});

test('an edit that waits to be sent is an alternative of what it edits', () => {
  const waiting = { id: 'q', role: 'user', delivery: 'failed', follows_id: 'a1', edit_of: 'u2' };
  const tree = buildTree([...chat.slice(0, 5), waiting]);
  assert.deepEqual(ids(pathTo(tree)), ['u1', 'a1', 'u2', 'a2b']);
  assert.deepEqual(ids(pathTo(tree, 'q')), ['u1', 'a1', 'q']);
  assert.deepEqual(ids(alternatives(tree, waiting)), ['u2', 'q']);
});

test('what was just stored has no number yet and is the newest all the same', () => {
  const saved = { id: 's', role: 'user', delivery: 'saved', follows_id: 'a1' };
  const streaming = { id: 't', role: 'assistant', status: 'streaming', follows_id: 's' };
  assert.deepEqual(ids(pathTo(buildTree([...chat.slice(0, 2), saved, streaming]))), ['u1', 'a1', 's', 't']);
});
