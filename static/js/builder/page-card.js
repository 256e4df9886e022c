import { highlight } from '../text/highlight.js';
import { pageText } from '../text/page-text.js';
import { factsNotOn } from '../text/typed-facts.js';
import { h, icon } from '../ui/dom.js';

/** The card that is shown in an answer instead of a page's code. */
export function createPageCard(app) {
  const title = h('p', { class: 'page-card-title' });
  const detail = h('p', { class: 'page-card-detail' });
  const view = h('button', { type: 'button', class: 'button small', hidden: true }, icon('eye'), 'View');
  const code = h('code', { class: 'language-html' });
  const source = h('details', { class: 'page-card-source', hidden: true }, h('summary', {}, 'Show the code'), h('pre', { tabindex: 0 }, code));
  const missing = h('div', { class: 'page-card-missing', hidden: true });
  const element = h('div', { class: 'page-card', role: 'group', 'aria-label': 'Page' },
    h('div', { class: 'page-card-row' }, h('span', { class: 'page-card-mark' }, icon('page')), h('div', {}, title, detail), view), missing, source);
  let html = '';
  let versionId = null;
  let checked = null;

  /** Name what the question told and the page lacks, once for each page. */
  function showMissing(question) {
    if (checked === html) return;
    checked = html;
    const facts = factsNotOn(pageText(html), question);
    missing.hidden = !facts.length;
    missing.replaceChildren(h('p', {}, 'Not on the page: ', facts.join(' · ')),
      app.send ? h('button', { type: 'button', class: 'button small', onclick: () => app.send(`Put this on the page, as written: ${facts.join('; ')}`) }, 'Add it') : '');
  }

  view.addEventListener('click', () => app.viewVersion(versionId));
  source.addEventListener('toggle', () => {
    if (!source.open || code.textContent === html) return;
    delete code.dataset.highlighted;
    code.textContent = html;
    highlight(code);
  });

  return {
    element,
    get html() {
      return html;
    },
    /** `block` is the page so far, `message` its answer; only the last page of an answer becomes a version. */
    update(block, message, isLast) {
      html = block.html;
      versionId = isLast ? message.version_id : null;
      const number = versionId && (app.version(versionId)?.number ?? message.version_number);
      const isWriting = !block.closed && message.status === 'streaming';
      element.classList.toggle('is-writing', isWriting);
      title.textContent = heading({ block, message, isWriting, number, versionId, isLast });
      detail.textContent = number && app.shownVersionId === versionId ? 'In the preview now' : '';
      detail.hidden = !detail.textContent;
      view.hidden = !versionId;
      source.hidden = isWriting;
      const question = isLast && message.status === 'complete' && block.closed && app.questionOf?.(message);
      if (question) showMissing(question.content);
    },
  };
}

function heading({ block, message, isWriting, number, versionId, isLast }) {
  if (isWriting) return 'Writing the page…';
  if (number) return `Version ${number}`;
  if (versionId) return 'A version of the page';
  if (!block.closed) return 'The page is not finished';
  if (message.status === 'streaming') return 'Page written';
  return isLast ? 'Page' : 'An earlier draft of the page';
}
