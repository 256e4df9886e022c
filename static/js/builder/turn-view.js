import { kindLabel } from '../text/kind-labels.js';
import { copyText } from '../ui/copy.js';
import { h, icon, iconButton } from '../ui/dom.js';
import { openMenu } from '../ui/menu.js';
import { timeElement } from '../ui/times.js';
import { showAnswerDetails } from './answer-details.js';
import { AnswerView } from './answer-view.js';
import { deliveryStatus } from './delivery-status.js';
import { editPrompt } from './prompt-dialogs.js';
import { questionEditor } from './question-editor.js';
import { questionTarget } from './question-target.js';
import { stepper } from './stepper.js';

/** A question and its answer, each with alternatives; `choose(id, step)` shows another alternative. */
export class TurnView {
  element = h('li', { class: 'turn' });
  #question = h('article', { class: 'question', 'aria-label': 'You' });
  #answer = h('article', { class: 'reply', 'aria-label': 'Answer' });
  #byline = h('header', { class: 'byline' });
  #unanswered = h('p', { class: 'unanswered', hidden: true }, h('span', {}, 'This question has no answer yet.'),
    h('button', { type: 'button', class: 'button small primary', onclick: () => this.app.retry(this.turn.question) }, icon('play'), 'Answer it'));
  #shownId = null;
  #view = null;
  #isEditing = false;

  constructor(app, choose) {
    this.app = app;
    this.choose = choose;
    this.element.append(this.#question, this.#answer, this.#unanswered);
  }

  get isEditing() {
    return this.#isEditing;
  }

  get openPage() {
    return this.#view?.openPage ?? null;
  }

  /** Draw what changed. Messages are replaced, never mutated, so comparing the objects is enough. */
  update(turn, isForced = false) {
    const before = this.turn;
    this.turn = turn;
    if (before && !isForced && isSame(before, turn)) return;
    this.#question.hidden = !turn.question;
    if (turn.question && !this.#isEditing) this.#drawQuestion(turn);
    this.#answer.hidden = !turn.answer;
    if (turn.answer) this.#drawAnswer(turn);
    this.#unanswered.hidden = !this.#canBeAnswered(turn);
  }

  updateText(message) {
    if (message.id === this.#shownId) this.#view.updateText(message);
  }

  /** Highlight a message for 2.5 seconds. */
  reveal(messageId) {
    const target = messageId === this.turn.question?.id ? this.#question : this.#answer;
    target.classList.add('is-found');
    setTimeout(() => target.classList.remove('is-found'), 2500);
    return target;
  }

  /** Focus the same arrow of the stepper as before, or the other arrow if that one is disabled. */
  focusStep(step) {
    const container = step.of === 'question' ? this.#question : this.#byline;
    (container.querySelector(`[data-step="${step.by}"]:not(:disabled)`) ?? container.querySelector('[data-step]:not(:disabled)'))?.focus();
  }

  editQuestion() {
    const { question } = this.turn;
    if (question.delivery && question.delivery !== 'saved') return;
    if (this.#isEditing) this.#question.querySelector('textarea').focus();
    else this.app.whenIdle(() => this.#edit(question));
  }

  #drawQuestion({ question, questions }) {
    this.#question.dataset.message = question.id;
    this.#question.classList.toggle('is-failed', question.delivery === 'failed');
    this.#question.classList.toggle('is-waiting', question.delivery === 'queued' || Boolean(question.delivery === 'sending' && question.problem));
    this.#question.replaceChildren(
      ...(question.target ? [questionTarget(question.target, this.app)] : []),
      h('p', { class: 'question-text' }, question.content),
      h('footer', { class: 'question-foot' }, deliveryStatus(question, this.app), this.#questionActions(question),
        stepper({ of: 'question', label: 'Versions of this message', shown: question, alternatives: questions, choose: this.choose })));
  }

  #questionActions(question) {
    if (question.delivery && question.delivery !== 'saved') return '';
    return h('span', { class: 'question-actions on-hover' },
      iconButton('copy', 'Copy your message', () => copyText(question.content)),
      iconButton('pencil', 'Ask in other words', () => this.editQuestion()),
      this.#more(question, 'More for your message'));
  }

  /** The last question of the chat, when no answer to it was asked for: in a branch, or when it came by the API. */
  #canBeAnswered({ question, answer, isLast }) {
    return Boolean(question?.seq) && !answer && isLast;
  }

  #edit(question) {
    this.#isEditing = true;
    const close = () => {
      this.#isEditing = false;
      this.#drawQuestion(this.turn);
      this.#question.querySelector('[aria-label="Ask in other words"]')?.focus();
    };
    const send = (text) => {
      close();
      if (text !== question.content) this.app.send(text, { edits: question.id, target: question.target });
    };
    this.#question.replaceChildren(questionEditor(question.content, { send, close }));
    this.#question.querySelector('textarea').focus();
  }

  #more(message, label) {
    const button = iconButton('more', label, () => openMenu(button, [
      { icon: 'branch', label: 'Branch into a new chat', run: () => this.app.branch(message) },
      message.role === 'user' && { icon: 'bookmark', label: 'Save as a prompt…', run: () => editPrompt({ text: message.content }) },
      message.role === 'assistant' && { icon: 'chart', label: 'Details', run: () => showAnswerDetails(this.turn.answer) },
    ]), { 'aria-haspopup': 'menu', 'aria-expanded': 'false' });
    return button;
  }

  #drawAnswer({ answer, answers }) {
    if (answer.id === this.#shownId) this.#view.update(answer);
    else {
      this.#shownId = answer.id;
      this.#view = new AnswerView(this.app, answer, this.#more(answer, 'More for this answer'));
      this.#answer.replaceChildren(this.#byline, this.#view.element);
    }
    this.#drawByline(answer, answers);
  }

  #drawByline(shown, alternatives) {
    const helper = this.app.helperNamed(this.app.helper);
    const step = this.#byline.contains(document.activeElement) && document.activeElement.dataset.step;
    this.#byline.replaceChildren(
      h('span', { class: 'knot', dataset: { helper: helper.name }, 'aria-hidden': 'true' }),
      h('span', { class: 'byline-name' }, helper.label),
      timeElement(shown.created_at),
      kindLabel(shown.kind) && h('span', { class: 'kind' }, kindLabel(shown.kind)),
      stepper({ of: 'answer', label: 'Answers to this question', shown, alternatives, choose: this.choose }));
    if (step) this.focusStep({ of: 'answer', by: step });
  }
}

function isSame(before, turn) {
  const isEqual = (a, b) => a.length === b.length && a.every((message, at) => message.id === b[at].id);
  return before.isLast === turn.isLast && before.question === turn.question && before.answer === turn.answer && isEqual(before.questions, turn.questions) && isEqual(before.answers, turn.answers);
}
