import { h, iconButton } from '../ui/dom.js';

const NOUNS = { question: 'version', answer: 'answer' };

/** ◀ 2/3 ▶ between alternatives; nothing when there is only one. */
export function stepper({ of, label, shown, rivals, choose }) {
  if (rivals.length < 2) return '';
  const at = rivals.findIndex((rival) => rival.id === shown.id);
  const step = (by, name, words) => iconButton(name, `${words} ${NOUNS[of]}`, () => choose(rivals[at + by].id, { of, by }), { disabled: !rivals[at + by], dataset: { step: by } });
  return h('span', { class: 'stepper', role: 'group', 'aria-label': label },
    step(-1, 'left', 'Earlier'), h('span', { 'aria-live': 'polite' }, `${at + 1}/${rivals.length}`), step(1, 'right', 'Later'));
}
