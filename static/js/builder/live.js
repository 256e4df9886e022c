import { insist } from '../answers/ask.js';
import { followAnswer } from '../answers/follow.js';
import { request } from '../net/api.js';
import { tabs } from '../net/this-browser.js';
import { uuid } from '../net/uuid.js';

/** Show that the server has a message of the outbox, and follow its answer. */
export function received(conversation, { entry, session, take }) {
  if (!conversation.session) {
    conversation.session = { id: session.session_id, website_id: conversation.websiteId, helper: conversation.helper, title: session.title };
    conversation.emit('created');
  }
  if (!conversation.messages.has(entry.id)) conversation.putWaiting(entry);
  const { follows_id = conversation.tree.newest?.id ?? null } = conversation.messages.get(entry.id);
  conversation.leafId = null;
  conversation.put({ id: entry.id, delivery: 'saved', problem: null, follows_id });
  begin(conversation, session);
  return quietly(conversation, follow(conversation, { messageId: session.message_id, ...take() }));
}

/** Join an answer that someone (another tab, an earlier visit) set going. */
export async function join(conversation, messageId) {
  if (conversation.live) return;
  if (conversation.id && !conversation.messages.has(messageId)) {
    // An answer without its question says little.
    await conversation.load().catch(() => {});
    if (conversation.live || conversation.isClosed) return;
  }
  const known = conversation.messages.get(messageId) ?? { id: messageId, role: 'assistant', content: '' };
  conversation.put({ ...known, status: 'streaming' });
  await quietly(conversation, follow(conversation, { messageId, content: known.content }));
}

/** Write another answer to the same question; the first one is kept beside it. */
export const retry = (conversation, answer) => goOn(conversation, answer, 'retry');

/** Go on where an answer was cut off. */
export const resume = (conversation, answer) => goOn(conversation, answer, 'continue');

async function goOn(conversation, answer, verb) {
  const isSame = verb === 'continue';
  const controller = new AbortController();
  conversation.live = { controller, messageId: null };
  if (isSame) conversation.put({ id: answer.id, status: 'streaming', error_code: null });
  try {
    const heard = await insist(`/api/chat/messages/${answer.id}/${verb}`, {}, uuid(), { signal: controller.signal, onTrouble: () => conversation.emit('connection', false) });
    if (conversation.isClosed) return heard.cancel();
    if (!isSame) conversation.leafId = null;
    begin(conversation, heard.session);
    const { message_id: messageId } = heard.session;
    await quietly(conversation, follow(conversation, { messageId, content: isSame ? answer.content : '', ...heard }));
  } catch (error) {
    conversation.live = null;
    conversation.emit('connection', true);
    // The first try arrived, and only its reply was lost.
    const isDone = isSame && (error.answerId === answer.id || error.code === 'answer_complete');
    if (isDone) await join(conversation, answer.id);
    else explain(conversation, error);
  }
}

async function quietly(conversation, following) {
  try {
    await following;
  } catch (error) {
    explain(conversation, error);
  }
}

function explain(conversation, error) {
  if (conversation.isClosed || error.name === 'AbortError') return;
  conversation.emit('problem', error);
  if (error.answerId) join(conversation, error.answerId);
  else conversation.load().catch(() => {});
}

export async function stop(conversation) {
  const answer = conversation.runningAnswer;
  if (!answer) return;
  conversation.put({ id: answer.id, isStopping: true });
  await request('POST', `/api/chat/messages/${answer.id}/stop`, {});
}

async function follow(conversation, { messageId, content = '', events, cancel }) {
  const controller = new AbortController();
  const live = { controller, messageId };
  conversation.live = live;
  const on = (type, data) => takeEvent[type]?.(conversation, live, data);
  try {
    await followAnswer({ messageId, events, cancel, content, on, signal: controller.signal }, tabs);
  } finally {
    if (conversation.live === live) conversation.live = null;
    conversation.emit('connection', true);
  }
  if (!conversation.isClosed) await conversation.load().catch(() => {});
  conversation.emit('settled', { id: messageId });
}

function begin(conversation, { message_id: id, user_message_id: questionId }) {
  const known = conversation.messages.get(id);
  const place = questionId && { reply_to: questionId, follows_id: questionId };
  conversation.put({ id, role: 'assistant', ...place, content: known?.content ?? '', created_at: known?.created_at ?? new Date().toISOString(), status: 'streaming' });
  conversation.emit('started', { id });
}

const takeEvent = {
  text(conversation, live, text) {
    const answer = conversation.messages.get(live.messageId);
    answer.content += text;
    conversation.emit('text', { id: answer.id });
  },
  tool(conversation, live, { tool_call: call }) {
    const calls = conversation.messages.get(live.messageId).tool_calls ?? [];
    conversation.put({ id: live.messageId, tool_calls: [...calls.filter((one) => one.id !== call.id), call] });
  },
  title(conversation, _live, { title }) {
    conversation.session = { ...conversation.session, title };
    conversation.emit('session');
  },
  version(conversation, live, { version_id, number }) {
    conversation.put({ id: live.messageId, version_id });
    conversation.emit('version', { id: version_id, number });
  },
  error(conversation, live, { code, message }) {
    conversation.put({ id: live.messageId, error_code: code, error_message: message });
  },
  done(conversation, live, { status, finish_reason, error_code }) {
    const known = conversation.messages.get(live.messageId);
    conversation.put({ id: live.messageId, status, finish_reason, error_code: error_code ?? known?.error_code, isStopping: false });
  },
  connection(conversation, _live, isUp) {
    conversation.emit('connection', isUp);
  },
};
