import { followAnswer } from '../answers/follow.js';
import { requestAnswerWithRetries } from '../answers/request-answer.js';
import { request } from '../net/api.js';
import { tabs } from '../net/tabs.js';
import { uuid } from '../net/uuid.js';

/** Mark a message of the outbox as saved, and follow the stream of its answer; `reply` is what the `session` event brought. */
export function followSentMessage(conversation, { entry, session: reply, takeStream }) {
  if (!conversation.chat) {
    conversation.chat = { id: reply.session_id, website_id: conversation.websiteId, helper: conversation.helper, title: reply.title };
    conversation.emit('created');
  }
  if (!conversation.messages.has(entry.id)) conversation.putOutboxEntry(entry);
  const { follows_id = conversation.tree.newest?.id ?? null } = conversation.messages.get(entry.id);
  conversation.leafId = null;
  conversation.put({ id: entry.id, delivery: 'saved', problem: null, follows_id });
  putNewAnswer(conversation, reply);
  return follow(conversation, { messageId: reply.message_id, ...takeStream() });
}

/** Follow an answer that another tab or an earlier visit started. */
export async function joinStream(conversation, messageId) {
  if (conversation.stream) return;
  if (conversation.id && !conversation.messages.has(messageId)) {
    // Show the question above the answer: another device may have sent it.
    await conversation.load().catch(() => {});
    if (conversation.stream || conversation.isClosed) return;
  }
  const known = conversation.messages.get(messageId) ?? { id: messageId, role: 'assistant', content: '' };
  conversation.put({ ...known, status: 'streaming' });
  await follow(conversation, { messageId, content: known.content });
}

/** Request another answer to the same question; the first one stays as an alternative. */
export const retryAnswer = (conversation, answer) => requestAgain(conversation, answer, 'retry');

/** Continue an answer that was interrupted or stopped. */
export const continueAnswer = (conversation, answer) => requestAgain(conversation, answer, 'continue');

async function requestAgain(conversation, answer, verb) {
  const isContinued = verb === 'continue';
  const controller = new AbortController();
  conversation.stream = { controller, messageId: null };
  if (isContinued) conversation.put({ id: answer.id, status: 'streaming', error_code: null });
  try {
    const onTrouble = () => conversation.emit('connection', false);
    const { session: reply, events, cancel } = await requestAnswerWithRetries(`/api/chat/messages/${answer.id}/${verb}`, {}, uuid(), { signal: controller.signal, onTrouble });
    if (conversation.isClosed) return cancel();
    if (!isContinued) conversation.leafId = null;
    putNewAnswer(conversation, reply);
    await follow(conversation, { messageId: reply.message_id, content: isContinued ? answer.content : '', events, cancel });
  } catch (error) {
    conversation.stream = null;
    conversation.emit('connection', true);
    // The server may have accepted the first request although its response was lost.
    const isAccepted = isContinued && (error.answerId === answer.id || error.code === 'answer_complete');
    if (isAccepted) await joinStream(conversation, answer.id);
    else handleError(conversation, error);
  }
}

function handleError(conversation, error) {
  if (conversation.isClosed || error.name === 'AbortError') return;
  conversation.emit('problem', error);
  if (error.answerId) joinStream(conversation, error.answerId);
  else conversation.load().catch(() => {});
}

export async function stopAnswer(conversation) {
  const answer = conversation.runningAnswer;
  if (!answer) return;
  conversation.put({ id: answer.id, isStopping: true });
  await request('POST', `/api/chat/messages/${answer.id}/stop`, {});
}

async function follow(conversation, source) {
  try {
    await followToTheEnd(conversation, source);
  } catch (error) {
    handleError(conversation, error);
  }
}

async function followToTheEnd(conversation, { messageId, content = '', events, cancel }) {
  const stream = { controller: new AbortController(), messageId };
  conversation.stream = stream;
  const on = (type, data) => eventHandlers[type]?.(conversation, messageId, data);
  try {
    await followAnswer({ messageId, events, cancel, content, on, signal: stream.controller.signal }, tabs);
  } finally {
    if (conversation.stream === stream) conversation.stream = null;
    conversation.emit('connection', true);
  }
  if (!conversation.isClosed) await conversation.load().catch(() => {});
  conversation.emit('ended', { id: messageId });
}

function putNewAnswer(conversation, { message_id: id, user_message_id: questionId }) {
  const known = conversation.messages.get(id);
  const place = questionId && { reply_to: questionId, follows_id: questionId };
  conversation.put({ id, role: 'assistant', ...place, content: known?.content ?? '', created_at: known?.created_at ?? new Date().toISOString(), status: 'streaming' });
  conversation.emit('started', { id });
}

const eventHandlers = {
  text(conversation, id, text) {
    conversation.messages.get(id).content += text;
    conversation.emit('text', { id });
  },
  tool(conversation, id, { tool_call: call }) {
    const calls = conversation.messages.get(id).tool_calls;
    const others = Array.isArray(calls) ? calls.filter((one) => one?.id !== call?.id) : [];
    conversation.put({ id, tool_calls: [...others, call] });
  },
  title(conversation, _id, { title }) {
    conversation.chat = { ...conversation.chat, title };
    conversation.emit('chat');
  },
  version(conversation, id, { version_id, number, changes = [] }) {
    // Before the version is shown.
    conversation.emit('changes', { places: changes });
    conversation.put({ id, version_id, version_number: number });
    conversation.emit('version', { id: version_id, number });
  },
  error(conversation, id, { code }) {
    conversation.put({ id, error_code: code });
  },
  done(conversation, id, { status, finish_reason, error_code }) {
    const known = conversation.messages.get(id);
    conversation.put({ id, status, finish_reason, error_code: error_code ?? known?.error_code, isStopping: false });
  },
  connection(conversation, _id, isUp) {
    conversation.emit('connection', isUp);
  },
};
