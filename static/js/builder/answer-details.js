import { fileSize } from '../text/file-size.js';
import { splitBlocks } from '../text/page-blocks.js';
import { exactTime } from '../text/relative-time.js';
import { openDialog } from '../ui/dialogs.js';
import { h } from '../ui/dom.js';

/** Show what few people ask of an answer: its model, its tokens, and how big its page is. */
export function showAnswerDetails(message) {
  const page = splitBlocks(message.content).findLast((block) => block.kind === 'page');
  const number = (count) => (count === null || count === undefined ? null : count.toLocaleString('en'));
  const facts = {
    Written: exactTime(message.created_at),
    Model: message.model,
    'Tokens read': number(message.prompt_tokens),
    'Tokens written': number(message.completion_tokens),
    'Tokens saved by edits': message.changes?.tokens_saved ? `about ${number(message.changes.tokens_saved)}` : null,
    'Size of the page': page && fileSize(page.html),
  };
  return openDialog('Details of this answer', (close) => [
    h('dl', { class: 'detail-list' }, Object.entries(facts).filter(([, value]) => value).map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))),
    h('div', { class: 'dialog-actions' }, h('button', { type: 'button', class: 'button', autofocus: true, onclick: () => close(null) }, 'Close')),
  ]);
}
