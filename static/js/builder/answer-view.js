import { sources, toolCalls } from '../answers/attachments.js';
import { copyText } from '../ui/copy.js';
import { h, icon, iconButton } from '../ui/dom.js';
import { AnswerBody } from './answer-body.js';

/** One answer: its text, status, tool calls, sources and buttons. */
export class AnswerView {
  #body;
  #waiting = h('p', { class: 'waiting' }, h('span', { class: 'stitches', 'aria-hidden': 'true' }), h('span', {}, 'Thinking…'));
  #tools = h('ul', { class: 'tool-list' });
  #sources = h('div');
  #notice = h('div');
  #actions = h('div', { class: 'message-actions' });

  constructor(app, message, more) {
    this.app = app;
    this.more = more;
    this.#body = new AnswerBody(app);
    this.element = h('div', { class: 'answer', dataset: { message: message.id } }, this.#tools, this.#body.element, this.#waiting, this.#sources, this.#notice, this.#actions);
    this.update(message);
  }

  get openPage() {
    return this.#body.openPage;
  }

  updateText(message) {
    this.#waiting.hidden = message.status !== 'streaming' || message.content !== '';
    this.#body.update(message);
  }

  update(message) {
    this.element.dataset.status = message.status;
    this.updateText(message);
    this.#tools.replaceChildren(...toolCalls(message.tool_calls).map(toolItem));
    this.#sources.replaceChildren(...sourceList(message.sources));
    this.#notice.replaceChildren(...this.#endNotice(message));
    this.#actions.replaceChildren(...this.#buttons(message));
  }

  #endNotice(message) {
    const notice = endMessage(message, this.app.answerErrors);
    if (!notice) return [];
    const canContinue = message.content !== '' && (message.status !== 'complete' || message.finish_reason === 'length');
    const beside = message.changes?.beside;
    return [h('div', { class: `answer-notice ${message.status}` }, icon(message.status === 'stopped' ? 'stop' : 'alert'), h('p', {}, notice),
      h('div', { class: 'notice-actions' },
        canContinue && h('button', { type: 'button', class: 'button small primary', onclick: () => this.app.resume(message) }, icon('play'), 'Continue'),
        beside && h('button', { type: 'button', class: 'button small', onclick: () => this.app.viewVersion(beside) }, icon('eye'), 'Show the other one'),
        h('button', { type: 'button', class: 'button small', onclick: () => this.app.retry(message) }, icon('retry'), 'Try again')))];
  }

  #buttons(message) {
    if (message.status === 'streaming') return [];
    return [
      iconButton('copy', 'Copy this answer', () => copyText(message.content)),
      message.reply_to && iconButton('retry', 'Write another answer', () => this.app.retry(message)),
      this.more,
    ].filter(Boolean);
  }
}

function endMessage({ status, error_code: code, finish_reason: reason }, answerErrors) {
  if (status === 'stopped') return 'Stopped. What was written is kept.';
  if (status === 'interrupted') return answerErrors[code] ?? answerErrors.answer_lost;
  if (status === 'failed') return answerErrors[code] ?? answerErrors.unexpected;
  return reason === 'length' ? 'The model reached its length limit here.' : (answerErrors[code] ?? null);
}

function toolItem({ name, result }) {
  if (!result) return h('li', { class: 'tool' }, icon('check'), name);
  return h('li', { class: 'tool' }, h('details', {}, h('summary', {}, icon('check'), name), h('pre', { tabindex: 0 }, result)));
}

function sourceList(stored) {
  const items = sources(stored).map(({ title, url }) =>
    h('li', {}, url ? h('a', { href: url, target: '_blank', rel: 'noopener noreferrer nofollow' }, title) : title));
  if (!items.length) return [];
  return [h('div', { class: 'sources' }, h('h3', {}, 'Sources'), h('ol', {}, items))];
}
