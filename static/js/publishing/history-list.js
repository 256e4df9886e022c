import { h, icon, iconButton } from '../ui/dom.js';
import { timeElement } from '../ui/times.js';

const WORDS = { publish: 'went live', update: 'went live', roll_back: 'was live again', rename: 'got the address', unpublish: 'was taken offline' };

/** What was live when. `on` has `rollBack(event)` and `showInChat(event)`; `liveId` is the version that is live. */
export function historyList(events, liveId, on) {
  return h('ol', { class: 'publication-history' }, events.map((event) => row(event, liveId, on)));
}

function row(event, liveId, on) {
  const { action, slug, version_id: id, version_number: number, created_at: at } = event;
  const words = `Version ${number} ${WORDS[action] ?? 'changed'}${action === 'rename' ? ` ${slug}` : ''}`;
  return h('li', {},
    h('span', { class: 'history-words' }, words, ' ', timeElement(at)),
    h('span', { class: 'history-actions' },
      event.session_id && event.message_id ? iconButton('chat', `Show the message that version ${number} came from`, () => on.showInChat(event)) : null,
      id === liveId ? h('span', { class: 'tag' }, 'live') : h('button', { type: 'button', class: 'button small', 'aria-label': `Publish version ${number} again`, onclick: () => on.rollBack(event) }, icon('restore'), 'Publish again')));
}
