import { h, iconButton } from '../ui/dom.js';

const NOUNS = { question: 'version', answer: 'answer' };

/** ◀ 2/3 ▶ to step through alternatives; empty when there is only one. */
export function stepper({ of, label, shown, alternatives, choose }) {
  if (alternatives.length < 2) return '';
  const at = alternatives.findIndex((alternative) => alternative.id === shown.id);
  const step = (by, name, words) => iconButton(name, `${words} ${NOUNS[of]}`, () => choose(alternatives[at + by].id, { of, by }), { disabled: !alternatives[at + by], dataset: { step: by } });
  return h('span', { class: 'stepper', role: 'group', 'aria-label': label },
    step(-1, 'left', 'Earlier'), h('span', { 'aria-live': 'polite' }, `${at + 1}/${alternatives.length}`), step(1, 'right', 'Later'));
}
