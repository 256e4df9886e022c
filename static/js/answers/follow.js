import { ApiError, fetchResponse } from '../net/api.js';
import { backoff, pause } from '../net/backoff.js';
import { readEvents } from '../net/sse.js';
import { AnswerAccumulator } from './accumulator.js';

const FINAL = new Set([400, 401, 403, 404, 409, 413, 422, 429]);

/**
 * Follow an answer until it ends, through any number of dropped connections. Tabs share one stream: the tab that holds
 * the answer's lock reads it and relays the events to the others; when that tab closes, another takes over.
 *
 * `events` is a stream that is already open, closed by `cancel`; without it the stream is joined after `content`. `on`
 * is called with text, tool, title, version, error, done and `connection` (true/false). Resolves with the final status.
 */
export async function followAnswer({ messageId, events = null, cancel = () => {}, content = '', on, signal }, tabs) {
  const topic = `answer ${messageId}`;
  const answer = new AnswerAccumulator(content, on);
  const waiting = new AbortController();
  let isLeader = false;

  function onTabMessage(event) {
    if (event.type === 'join') return isLeader && tabs.tell(topic, answer.snapshot);
    if (isLeader || answer.status !== null) return;
    if (!answer.add(event)) tabs.tell(topic, { type: 'join' });
    if (answer.status !== null) waiting.abort();
  }

  function addAndRelay(event) {
    if (!answer.add(event)) throw new ApiError('gap');
    tabs.tell(topic, event);
  }

  async function lead() {
    isLeader = true;
    if (answer.status === null) await readToTheEnd({ messageId, answer, events, addAndRelay, signal });
  }

  const leave = () => {
    waiting.abort(signal.reason);
    cancel();
  };
  signal.addEventListener('abort', leave, { once: true });
  const unlisten = tabs.listen(topic, onTabMessage);
  try {
    if (!events) tabs.tell(topic, { type: 'join' });
    await tabs.alone(topic, lead, waiting.signal);
  } catch (error) {
    if (answer.status === null) throw error;
  } finally {
    unlisten();
    cancel();
  }
  return answer.status;
}

async function readToTheEnd({ messageId, answer, events, addAndRelay, signal }) {
  let stream = events;
  for (let failures = 0; answer.status === null; failures += 1) {
    try {
      stream ??= await openStream(messageId, answer.have, signal);
      addAndRelay(connection(true));
      for await (const event of stream) {
        addAndRelay(event);
        failures = 0;
        if (answer.status !== null) break;
      }
    } catch (error) {
      signal.throwIfAborted();
      // While an answer is running, a 5xx (the database is unavailable) is retried.
      if (error instanceof ApiError && FINAL.has(error.status)) throw error;
    }
    stream = null;
    if (answer.status !== null) break;
    addAndRelay(connection(false));
    await pause(backoff(failures), signal);
  }
}

const connection = (isUp) => ({ type: 'connection', data: JSON.stringify(isUp) });

async function openStream(messageId, have, signal) {
  const headers = { accept: 'text/event-stream', 'last-event-id': String(have) };
  return readEvents((await fetchResponse(`/api/chat/messages/${messageId}/events`, { headers, signal })).body);
}
