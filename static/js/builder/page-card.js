import { INDEX } from '../preview/destinations.js';
import { hunksIn } from '../text/page-blocks.js';
import { highlight } from '../text/highlight.js';
import { pageText } from '../text/page-text.js';
import { factsNotOn } from '../text/typed-facts.js';
import { h, icon } from '../ui/dom.js';

/** The card that is shown in an answer instead of the code of a page, or of its edits. */
export function createPageCard(app) {
  const title = h('p', { class: 'page-card-title' });
  const detail = h('p', { class: 'page-card-detail' });
  const view = h('button', { type: 'button', class: 'button small', hidden: true }, icon('eye'), 'View');
  const changed = h('button', { type: 'button', class: 'button small', hidden: true }, 'What changed');
  const use = h('button', { type: 'button', class: 'button small', hidden: true }, icon('plus'), 'Use as a version of…');
  const code = h('code', { class: 'language-html' });
  const summary = h('summary', {}, 'Show the code');
  const source = h('details', { class: 'page-card-source', hidden: true }, summary, h('pre', { tabindex: 0 }, code));
  const missing = h('div', { class: 'page-card-missing', hidden: true });
  const outside = h('div', { class: 'page-card-outside', hidden: true });
  const element = h('div', { class: 'page-card', role: 'group', 'aria-label': 'Page' },
    h('div', { class: 'page-card-row' }, h('span', { class: 'page-card-mark' }, icon('page')), h('div', { class: 'page-card-text' }, title, detail), h('div', { class: 'page-card-actions' }, changed, view, use)), outside, missing, source);
  let html = null;
  let written = null;
  let shown = '';
  let drawn = null;
  let versionId = null;
  let path = null;
  let checked = null;

  /** Name what the question told and the page lacks, once for each page. */
  function showMissing(text, question) {
    if (checked === text) return;
    checked = text;
    const facts = factsNotOn(pageText(text), question);
    missing.hidden = !facts.length;
    missing.replaceChildren(h('p', {}, 'Not on the page: ', facts.join(' · ')),
      app.send ? h('button', { type: 'button', class: 'button small', onclick: () => app.send(`Put this on the page, as written: ${facts.join('; ')}`) }, 'Add it') : '');
  }

  /** Say what was left out, as it is outside of what the question pointed at, or changed besides the section that it names. */
  function showOutside(message) {
    const { left_out: places = [], also_changed: sections = [], corrected } = message.changes ?? {};
    const isNothing = isLeftOut(message);
    element.classList.toggle('is-left-out', Boolean(versionId) && isNothing);
    outside.hidden = !versionId || (!places.length && !sections.length);
    if (outside.hidden) return;
    const count = places.length === 1 ? '1 change' : `${places.length} changes`;
    const names = sections.join(', ');
    const told = places.length
      ? (corrected ? `Left out at first, then allowed: ${count}.` : `${isNothing ? 'All of it was' : `Left out: ${count}`} outside of what you pointed at.`)
      : (corrected ? `Also changed, then taken back: ${names}.` : `Also changed: ${names}. Keep it?`);
    const word = places.length ? (places.length === 1 ? 'Allow it' : 'Allow them') : 'Take it back';
    outside.replaceChildren(h('p', {}, told), !corrected && app.correct
      ? h('button', { type: 'button', class: 'button small', onclick: () => app.correct(message, places.length ? 'allow' : 'take-back') }, word) : '');
  }

  view.addEventListener('click', () => (versionId ? app.viewVersion(versionId) : app.viewPage(path)));
  changed.addEventListener('click', () => app.compareVersion(versionId));
  use.addEventListener('click', () => app.usePage(html));
  source.addEventListener('toggle', () => {
    if (!source.open || drawn === shown) return;
    drawn = shown;
    if (html === null) return source.lastElementChild.replaceWith(hunkList(shown));
    delete code.dataset.highlighted;
    code.textContent = shown;
    highlight(code);
  });

  return {
    element,
    /** The page so far, {html, path}; null for edits of one. */
    get page() {
      return written;
    },
    /**
     * `block` is the page so far, or edits of it, `message` its answer; the last block of an answer stands for its version. `number` counts
     * the answer's finished pages from 0; `isRepeated`: it did not fit, and what came later counts.
     */
    update(block, message, { isLast, isRepeated = false, number: place }) {
      html = block.html ?? null;
      written = html === null ? null : { html, path: block.path ?? INDEX };
      shown = block.html ?? block.code;
      const isEdits = html === null;
      summary.textContent = isEdits ? 'Show the changes' : 'Show the code';
      versionId = isLast ? message.version_id : null;
      const version = versionId && app.version(versionId);
      const number = versionId && (version?.number ?? message.version_number);
      const isWriting = !block.closed && message.status === 'streaming';
      element.classList.toggle('is-writing', isWriting);
      title.textContent = heading({ block, message, isEdits, isWriting, isRepeated, number, versionId, isLast, isUnchanged: wasThereBefore(version, message) });
      const isShown = Boolean(number) && app.shownVersionId === versionId;
      const words = versionId ? said(message, { isEdits, base: version?.base_version_id, number }) : [];
      detail.textContent = [...words, isShown && 'in the preview now']
        .filter(Boolean).join(' · ').replace(/^./, (first) => first.toUpperCase());
      detail.hidden = !detail.textContent;
      // An imported answer made no version.
      const isLoose = !isEdits && !versionId && block.closed && message.status !== 'streaming';
      path = isLoose ? `/preview/messages/${message.id}/${place}` : null;
      view.hidden = !versionId && !isLoose;
      // A page of an answer that made a version is on the website.
      use.hidden = !isLoose || Boolean(message.version_id);
      changed.hidden = !version?.base_version_id || !message.changes?.places.length;
      showOutside(message);
      source.hidden = isWriting;
      const question = isLast && message.status === 'complete' && block.closed && app.questionOf?.(message);
      if (question && !isEdits) showMissing(html, question.content);
      // Of a page that was edited all the text is needed; that of the one in the preview is at hand.
      if (question && isEdits && isShown) app.filesOf(versionId).then((files) => showMissing(files['index.html'] ?? '', question.content), () => {});
    },
  };
}

/** What each hunk takes away and what it puts there. */
function hunkList(code) {
  return h('div', { class: 'page-card-hunks', tabindex: 0, role: 'group', 'aria-label': 'Changes' }, hunksIn(code).map(({ find, replace }) => h('div', { class: 'page-card-hunk' },
    find && h('del', {}, h('pre', { class: 'diff-run is-removed' }, find)), replace && h('ins', {}, h('pre', { class: 'diff-run is-added' }, replace)))));
}

/** What a version changed, in a few words. */
function said(message, { isEdits, base, number }) {
  const { changes } = message;
  if (isLeftOut(message)) return [number && `version ${number} stays as it is`];
  if (!changes?.places.length) return [];
  const { places, tokens_saved: saved } = changes;
  if (!base || !isEdits) return [base ? 'page written anew' : 'a new page'];
  return [places.length === 1 ? 'changed 1 place' : `changed ${places.length} places`, saved > 0 && `about ${saved.toLocaleString('en')} tokens saved`];
}

/** Whether all that an answer would have changed is outside of what its question pointed at, and isn't allowed yet. */
function isLeftOut({ changes }) {
  return Boolean(changes?.left_out?.length) && !changes.places.length && !changes.corrected;
}

function heading({ block, message, isEdits, isWriting, isRepeated, number, versionId, isLast, isUnchanged }) {
  if (isWriting) return isEdits ? 'Changing the page…' : 'Writing the page…';
  if (versionId && isLeftOut(message)) return 'Nothing was changed';
  if (number) return isUnchanged ? `Version ${number}, unchanged` : `Version ${number}`;
  if (versionId) return 'A version of the page';
  if (isRepeated) return isEdits ? 'Changes that didn’t fit' : 'A page that wasn’t finished';
  if (!block.closed) return isEdits ? 'The changes are not finished' : 'The page is not finished';
  if (isEdits) return message.status === 'streaming' || !isLast ? `Changes to ${block.path && block.path !== 'index.html' ? block.path : 'the page'}` : 'Changes that weren’t made';
  if (message.status === 'streaming') return 'Page written';
  if (block.path && block.path !== 'index.html') return `The page ${block.path}`;
  return isLast || message.version_id ? 'Page' : 'An earlier draft of the page';
}

/** Whether the answer wrote the page that there was already. Times are the server's once the message has its number. */
function wasThereBefore(version, message) {
  return Boolean(version && message.seq) && Date.parse(version.created_at) < Date.parse(message.created_at);
}
