import assert from 'node:assert/strict';
import { test } from 'node:test';
import { followAnswer } from '../../static/js/answers/follow.js';
import { Browser, until } from './browser.js';

const delta = (id, text) => ({ type: 'delta', id: String(id), data: JSON.stringify({ text }) });
const done = { type: 'done', data: '{"status":"complete"}' };

/** A stream that events are pushed into; it ends when it is cancelled, as an aborted response does. */
function stream() {
  const queue = [];
  let wake = () => {};
  let isCancelled = false;
  async function* events() {
    for (;;) {
      while (queue.length) yield queue.shift();
      if (isCancelled) throw new DOMException('cancelled', 'AbortError');
      await new Promise((resolve) => { wake = resolve; });
    }
  }
  return {
    events: events(),
    push: (...news) => { queue.push(...news); wake(); },
    cancel: () => { isCancelled = true; wake(); },
  };
}

function follow(tabs, more = {}) {
  const seen = { text: more.content ?? '', status: null };
  const controller = new AbortController();
  const on = (type, value) => { if (type === 'text') seen.text += value; };
  followAnswer({ messageId: 'a', on, signal: controller.signal, ...more }, tabs).then((status) => { seen.status = status; }, () => {});
  return { seen, stop: () => controller.abort() };
}

test('one tab reads, the others hear the same, whenever they join and whatever they have', async () => {
  const [browser, { events, push, cancel }] = [new Browser(), stream()];
  const reader = follow(browser.open(), { events, cancel });
  push(delta(3, 'abc'), delta(5, '🙂d'));
  await until(() => reader.seen.text === 'abc🙂d');
  const late = follow(browser.open());
  const later = follow(browser.open(), { content: 'abc' });
  await until(() => late.seen.text === 'abc🙂d' && later.seen.text === 'abc🙂d');
  push(delta(7, 'ef'), done);
  await until(() => [reader, late, later].every(({ seen }) => seen.status === 'complete'));
  assert.deepEqual([reader, late, later].map(({ seen }) => seen.text), Array(3).fill('abc🙂def'));
});

test('when the reading tab leaves, the next one goes on from what it has', async () => {
  const [browser, { events, push, cancel }] = [new Browser(), stream()];
  const reader = follow(browser.open(), { events, cancel });
  const other = follow(browser.open());
  push(delta(3, 'abc'));
  await until(() => other.seen.text === 'abc');
  const asked = [];
  globalThis.fetch = async (path, { headers }) => {
    asked.push([path, headers['last-event-id']]);
    return new Response('id: 5\nevent: delta\ndata: {"text":"de"}\n\nevent: done\ndata: {"status":"stopped"}\n\n');
  };
  reader.stop();
  await until(() => other.seen.status);
  assert.deepEqual(asked, [['/api/chat/messages/a/events', '3']]);
  assert.deepEqual(other.seen, { text: 'abcde', status: 'stopped' });
});
