import { h, icon } from '../ui/dom.js';
import { timeElement } from '../ui/times.js';

/** The delivery status of a message, with its buttons. */
export function deliveryStatus(question, app) {
  const isAgain = question.delivery === 'sending' && question.problem;
  if (question.delivery === 'sending' && !isAgain) return h('span', { class: 'delivery is-sending' }, icon('clock'), 'Sending…');
  if (question.delivery === 'queued' || isAgain) return [problem('is-queued', 'clock', 'status', waitingMessage(question)), actions(question, app, 'Send now')];
  if (question.delivery === 'failed') return [problem('is-failed', 'alert', 'alert', `Not sent. ${question.problem}`), actions(question, app, 'Try again')];
  return h('span', { class: 'delivery is-saved' }, icon('check'), 'Saved', timeElement(question.created_at));
}

const problem = (kind, name, role, words) => h('span', { class: `delivery ${kind}`, role }, icon(name), h('span', {}, words));

function waitingMessage({ problem: why }) {
  if (!navigator.onLine) return 'Waiting for a connection. It is kept here and sent once you are online.';
  return `${why ?? 'Waiting to be sent.'} It is kept here and sent again by itself.`;
}

// A message that may have arrived can't be edited: the server could get it twice.
function actions(question, app, retry) {
  return h('span', { class: 'delivery-actions' },
    h('button', { type: 'button', class: 'button small', disabled: question.delivery === 'sending', onclick: () => app.sendAgain(question) }, icon('retry'), retry),
    !question.isMaybeStored && question.delivery !== 'sending' && h('button', { type: 'button', class: 'button small quiet', onclick: () => app.takeBack(question) }, icon('pencil'), 'Edit'));
}
