import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../static/js/net/api.js';
import { Outbox } from '../../static/js/outbox/outbox.js';
import { MemoryStore } from '../../static/js/outbox/store.js';
import { Browser, until } from './browser.js';

/** A server that answers each POST as told next; told nothing, it accepts. */
function server(...answers) {
  const bodies = [];
  const post = async (_path, body) => {
    bodies.push(body);
    const next = answers.shift();
    if (next instanceof Error) throw next;
    await next;
    return { session: { session_id: 's1', message_id: 'a1' }, events: [], cancel() {} };
  };
  return { bodies, post };
}

function openTab(browser, store, { post }, userId = 'alice', isBusy = async () => false) {
  const outbox = new Outbox({ userId, store, tabs: browser.open(), post, isBusy });
  outbox.sent = [];
  outbox.addEventListener('sent', ({ detail }) => outbox.sent.push(detail.entry.id));
  return outbox;
}

const message = { id: 'm1', websiteId: 'w1', sessionId: null, helper: 'builder', text: 'Hi', edits: null, after: null };
const refused = new ApiError('quota_exceeded', { message: 'Too much.', status: 429 });
const lost = () => new ApiError('network');

test('what is acknowledged leaves the store, and every tab hears of it', async () => {
  const [browser, store, { bodies, post }] = [new Browser(), new MemoryStore(), server()];
  const [one, two] = [openTab(browser, store, { post }), openTab(browser, store, { post })];
  await one.add(message);
  await until(() => one.sent.length && two.sent.length);
  assert.deepEqual(bodies, [{ message: 'Hi', message_id: 'm1', website_id: 'w1', helper: 'builder' }]);
  assert.deepEqual(await store.all(), []);
  assert.equal(one.entries.size + two.entries.size, 0);
});

test('a chat that is there is not told its website and helper', async () => {
  const [browser, store, { bodies, post }] = [new Browser(), new MemoryStore(), server()];
  const tab = openTab(browser, store, { post });
  await tab.add({ ...message, sessionId: 's1', after: 'a1' });
  await until(() => tab.sent.length);
  assert.deepEqual(bodies, [{ message: 'Hi', message_id: 'm1', session_id: 's1', after: 'a1' }]);
});

test('a lost connection is tried again under the same id, a refusal waits for the person', async () => {
  const [store, { bodies, post }] = [new MemoryStore(), server(lost(), refused)];
  const outbox = openTab(new Browser(), store, { post });
  await outbox.add(message);
  await until(() => outbox.entries.get('m1').state === 'failed');
  assert.deepEqual(bodies.map((body) => body.message_id), ['m1', 'm1']);
  assert.equal(outbox.entries.get('m1').problem, 'Too much.');
  await outbox.retry('m1');
  await until(() => outbox.sent.length);
  assert.equal(bodies.length, 3);
});

test('a later visit sends what an earlier one left, for the same person only', async () => {
  const [browser, store, { post }] = [new Browser(), new MemoryStore(), server()];
  for (const userId of ['alice', 'bob']) await store.put({ ...message, id: userId, userId, state: 'sending' });
  const outbox = openTab(browser, store, { post });
  await outbox.start();
  await until(() => outbox.sent.length);
  assert.deepEqual(outbox.sent, ['alice']);
  assert.deepEqual((await store.all()).map((entry) => entry.userId), ['bob']);
});

test('the next tab goes on when the one that was sending is closed', async () => {
  const [browser, store] = [new Browser(), new MemoryStore()];
  const stuck = openTab(browser, store, server(new Promise(() => {})));
  const { bodies, post } = server();
  const other = openTab(browser, store, { post });
  await stuck.add(message);
  await until(() => other.entries.get('m1')?.state === 'sending');
  assert.equal(bodies.length, 0);
  browser.close(stuck.tabs);
  await until(() => other.sent.length);
  assert.equal(bodies.length, 1);
});

test('only what cannot have arrived is taken back', async () => {
  const store = new MemoryStore();
  const outbox = openTab(new Browser(), store, server(refused));
  await outbox.add(message);
  await until(() => outbox.entries.get('m1').state === 'failed');
  assert.equal(await outbox.withdraw('m1'), true);
  assert.deepEqual(await store.all(), []);

  const doubtful = openTab(new Browser(), store, server(lost(), new Promise(() => {})));
  await doubtful.add({ ...message, id: 'm2' });
  await until(() => doubtful.entries.get('m2').state === 'queued' && doubtful.entries.get('m2').problem);
  assert.equal(await doubtful.withdraw('m2'), false);
  assert.equal((await store.all()).length, 1);
});

const later = (id, text) => ({ ...message, id, text, sessionId: 's1', waits: true });

test('messages wait for the answer of their chat, and are sent in order when it has ended', async () => {
  const [browser, store, { bodies, post }] = [new Browser(), new MemoryStore(), server()];
  let isRunning = true;
  const outbox = openTab(browser, store, { post }, 'alice', async () => isRunning);
  await outbox.add(later('m1', 'First'));
  await outbox.add({ ...later('m2', 'Second'), waits: false });
  assert.deepEqual(outbox.waitingIn('s1').map((entry) => entry.text), ['First', 'Second']);
  assert.deepEqual((await store.all()).map((entry) => entry.state), ['waiting', 'waiting']);
  assert.equal(bodies.length, 0);
  isRunning = false;
  outbox.answerEnded();
  await until(() => outbox.sent.length === 2);
  assert.deepEqual(bodies.map((body) => body.message), ['First', 'Second']);
});

test('an answer that runs on another device makes a message wait rather than fail', async () => {
  const running = new ApiError('answer_running', { status: 409, answerId: 'a9' });
  const [store, { bodies, post }] = [new MemoryStore(), server(running)];
  let isRunning = true;
  const outbox = openTab(new Browser(), store, { post }, 'alice', async () => isRunning);
  await outbox.add({ ...later('m1', 'First'), waits: false });
  await until(() => outbox.entries.get('m1').state === 'waiting');
  assert.equal(outbox.entries.get('m1').answerId, 'a9');
  isRunning = false;
  outbox.answerEnded();
  await until(() => outbox.sent.length);
  assert.equal(bodies.length, 2);
});

test('a waiting message is still there after a reload, and can be taken back', async () => {
  const [store, { bodies, post }] = [new MemoryStore(), server()];
  await store.put({ ...later('m1', 'First'), userId: 'alice', createdAt: '2026-01-01', state: 'waiting', isMaybeStored: false });
  const outbox = openTab(new Browser(), store, { post }, 'alice', async () => true);
  await outbox.start();
  assert.equal(outbox.waitingIn('s1').length, 1);
  assert.equal(await outbox.withdraw('m1'), true);
  assert.deepEqual([await store.all(), outbox.waitingIn('s1'), bodies], [[], [], []]);
});
