import { ApiError, fetchResponse } from '../net/api.js';
import { backoff, pause } from '../net/backoff.js';
import { readEvents } from '../net/sse.js';

const TRIES = 6;

/**
 * POST a request that starts an answer; resolves {session, events, cancel} once the server has stored it.
 *
 * `key` is the idempotency key: sending again under the same key is safe. `session` is the data of the first event,
 * `events` are the ones after it. The caller must read `events` to the end or call `cancel`. Rejects with an ApiError;
 * its code is `network` when it is unknown whether the request arrived.
 */
export async function requestAnswer(path, body, key) {
  const controller = new AbortController();
  const cancel = () => controller.abort();
  const headers = { accept: 'text/event-stream', 'idempotency-key': key };
  const response = await fetchResponse(path, { method: 'POST', headers, body, signal: controller.signal });
  const events = readEvents(response.body);
  const first = await events.next().catch(() => ({ done: true }));
  if (first.done || first.value.type !== 'session') {
    cancel();
    throw new ApiError('network');
  }
  return { session: JSON.parse(first.value.data), events, cancel };
}

/** Send the request up to six times under the same key, calling `onTrouble` after each failure that may pass. */
export async function requestAnswerWithRetries(path, body, key, { signal, onTrouble }) {
  for (let failures = 0; ; failures += 1) {
    try {
      return await requestAnswer(path, body, key);
    } catch (error) {
      const mayPass = error.status === 0 || error.status >= 500;
      if (!mayPass || failures + 1 >= TRIES) throw error;
    }
    onTrouble();
    await pause(backoff(failures), signal);
  }
}
