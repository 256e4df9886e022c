import { labelOfHtml, spoken } from '../pointing/labels.js';
import { h, icon } from '../ui/dom.js';

/** A line that names the part of the page that a question is about. */
export function questionTarget(target, app) {
  const words = h('span', {}, 'About a part of the page');
  labelOfTarget(target, app).then((label) => { words.textContent = `About: ${label}`; }, () => {});
  return h('p', { class: 'question-target' }, icon('select'), words);
}

/** What the target of a question is called; its places are code points. */
export async function labelOfTarget({ version_id: versionId, path, start, end }, app) {
  const files = await app.filesOf(versionId);
  return spoken(labelOfHtml([...files[path]].slice(start, end).join('')));
}
