import { highlight } from '../text/highlight.js';
import { pageText } from '../text/page-text.js';
import { factsNotOn } from '../text/typed-facts.js';
import { h, icon } from '../ui/dom.js';

/** The card that is shown in an answer instead of a page's code. */
export function createPageCard(app) {
  const title = h('p', { class: 'page-card-title' });
  const detail = h('p', { class: 'page-card-detail' });
  const view = h('button', { type: 'button', class: 'button small', hidden: true }, icon('eye'), 'View');
  const use = h('button', { type: 'button', class: 'button small', hidden: true }, icon('plus'), 'Use as a version of…');
  const code = h('code', { class: 'language-html' });
  const source = h('details', { class: 'page-card-source', hidden: true }, h('summary', {}, 'Show the code'), h('pre', { tabindex: 0 }, code));
  const missing = h('div', { class: 'page-card-missing', hidden: true });
  const element = h('div', { class: 'page-card', role: 'group', 'aria-label': 'Page' },
    h('div', { class: 'page-card-row' }, h('span', { class: 'page-card-mark' }, icon('page')), h('div', {}, title, detail), view, use), missing, source);
  let html = '';
  let versionId = null;
  let path = null;
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

  view.addEventListener('click', () => (versionId ? app.viewVersion(versionId) : app.viewPage(path)));
  use.addEventListener('click', () => app.usePage(html));
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
    /**
     * `block` is the page so far, `message` its answer; only the last page of an answer becomes a version. `number` counts the answer's
     * finished pages from 0.
     */
    update(block, message, { isLast, number: place }) {
      html = block.html;
      versionId = isLast ? message.version_id : null;
      const version = versionId && app.version(versionId);
      const number = versionId && (version?.number ?? message.version_number);
      const isWriting = !block.closed && message.status === 'streaming';
      element.classList.toggle('is-writing', isWriting);
      title.textContent = heading({ block, message, isWriting, number, versionId, isLast, isUnchanged: wasThereBefore(version, message) });
      detail.textContent = number && app.shownVersionId === versionId ? 'In the preview now' : '';
      detail.hidden = !detail.textContent;
      // An imported answer made no version.
      const isLoose = !versionId && block.closed && message.status !== 'streaming';
      path = isLoose ? `/preview/messages/${message.id}/${place}` : null;
      view.hidden = !versionId && !isLoose;
      use.hidden = !isLoose;
      source.hidden = isWriting;
      const question = isLast && message.status === 'complete' && block.closed && app.questionOf?.(message);
      if (question) showMissing(question.content);
    },
  };
}

function heading({ block, message, isWriting, number, versionId, isLast, isUnchanged }) {
  if (isWriting) return 'Writing the page…';
  if (number) return isUnchanged ? `Version ${number}, unchanged` : `Version ${number}`;
  if (versionId) return 'A version of the page';
  if (!block.closed) return 'The page is not finished';
  if (message.status === 'streaming') return 'Page written';
  return isLast ? 'Page' : 'An earlier draft of the page';
}

/** Whether the answer wrote the page that there was already. Times are the server's once the message has its number. */
function wasThereBefore(version, message) {
  return Boolean(version && message.seq) && Date.parse(version.created_at) < Date.parse(message.created_at);
}
