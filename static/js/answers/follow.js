import { ApiError, open } from '../net/api.js';
import { backoff, pause } from '../net/backoff.js';
import { readEvents } from '../net/sse.js';
import { Reading } from './reading.js';

const FINAL = new Set([400, 401, 403, 404, 409, 413, 422, 429]);

/**
 * Follow an answer until it is done, through any number of dropped connections, and together with other tabs: the one
 * that holds the answer's lock reads the stream and tells the others, the next one goes on when it closes.
 *
 * `events` is a stream that is open already, ended by `cancel`; without it the answer is joined after `content`. `on` gets text, tool,
 * title, version, error, done and `connection` (true/false). Resolves with the final status.
 */
export async function followAnswer({ messageId, events = null, cancel = () => {}, content = '', on, signal }, tabs) {
  const topic = `answer ${messageId}`;
  const reading = new Reading(content, on);
  const waiting = new AbortController();
  let isLeading = false;

  function hear(event) {
    if (event.type === 'join') return isLeading && tabs.tell(topic, reading.snapshot);
    if (isLeading || reading.status !== null) return;
    if (!reading.take(event)) tabs.tell(topic, { type: 'join' });
    if (reading.status !== null) waiting.abort();
  }

  function take(event) {
    if (!reading.take(event)) throw new ApiError('gap');
    tabs.tell(topic, event);
  }

  async function lead() {
    isLeading = true;
    if (reading.status === null) await readToTheEnd({ messageId, reading, events, take, signal });
  }

  const leave = () => {
    waiting.abort(signal.reason);
    cancel();
  };
  signal.addEventListener('abort', leave, { once: true });
  const unlisten = tabs.listen(topic, hear);
  try {
    if (!events) tabs.tell(topic, { type: 'join' });
    await tabs.alone(topic, lead, waiting.signal);
  } catch (error) {
    if (reading.status === null) throw error;
  } finally {
    unlisten();
    cancel();
  }
  return reading.status;
}

async function readToTheEnd({ messageId, reading, events, take, signal }) {
  let stream = events;
  for (let failures = 0; reading.status === null; failures += 1) {
    try {
      stream ??= await join(messageId, reading.have, signal);
      take(connection(true));
      for await (const event of stream) {
        take(event);
        failures = 0;
        if (reading.status !== null) break;
      }
    } catch (error) {
      signal.throwIfAborted();
      // Once an answer is running, a database that is away is a reason to wait, not to give up.
      if (error instanceof ApiError && FINAL.has(error.status)) throw error;
    }
    stream = null;
    if (reading.status !== null) break;
    take(connection(false));
    await pause(backoff(failures), signal);
  }
}

const connection = (isUp) => ({ type: 'connection', data: JSON.stringify(isUp) });

async function join(messageId, have, signal) {
  const headers = { accept: 'text/event-stream', 'last-event-id': String(have) };
  return readEvents((await open(`/api/chat/messages/${messageId}/events`, { headers, signal })).body);
}
