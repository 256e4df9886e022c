import { ApiError, open } from '../net/api.js';
import { backoff, pause } from '../net/backoff.js';
import { readEvents } from '../net/sse.js';

const TRIES = 6;

/**
 * POST what makes an answer; resolves once the server has stored it, with the events that come after.
 *
 * `key` is what makes sending it again safe. Rejects with an ApiError; its code is `network` when nobody knows whether
 * it arrived. Whoever does not read `events` to the end must `cancel`.
 */
export async function ask(path, body, key) {
  const controller = new AbortController();
  const cancel = () => controller.abort();
  const headers = { accept: 'text/event-stream', 'idempotency-key': key };
  const response = await open(path, { method: 'POST', headers, body, signal: controller.signal });
  const events = readEvents(response.body);
  const first = await events.next().catch(() => ({ done: true }));
  if (first.done || first.value.type !== 'session') {
    cancel();
    throw new ApiError('network');
  }
  return { session: JSON.parse(first.value.data), events, cancel };
}

/** Ask under the same key until something answers, for as long as somebody is likely to wait; `onTrouble` is told of failures. */
export async function insist(path, body, key, { signal, onTrouble }) {
  for (let failures = 0; ; failures += 1) {
    try {
      return await ask(path, body, key);
    } catch (error) {
      const mayPass = error.status === 0 || error.status >= 500;
      if (!mayPass || failures + 1 >= TRIES) throw error;
    }
    onTrouble();
    await pause(backoff(failures), signal);
  }
}
