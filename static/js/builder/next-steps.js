import { h, icon } from '../ui/dom.js';

const COLOUR = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;

/** Show colours named in code, like `#1f6b57`, with a swatch before them. */
export function showSwatches(node) {
  for (const code of node.querySelectorAll(':not(pre) > code')) {
    if (!COLOUR.test(code.textContent)) continue;
    const swatch = h('span', { class: 'swatch', 'aria-hidden': 'true' });
    swatch.style.backgroundColor = code.textContent;
    code.prepend(swatch);
  }
}

/** Turn a last line "→ Next: **add a gallery** · **make it dark**" into buttons that send what they say. */
export function offerSteps(node, send) {
  const line = node.lastElementChild;
  const steps = line?.matches('p') && line.textContent.startsWith('→') ? [...line.querySelectorAll('strong')] : [];
  if (!steps.length) return;
  const button = (text) => h('li', {}, h('button', { type: 'button', class: 'chip', onclick: () => send(text) }, h('span', {}, text), icon('send')));
  line.replaceWith(h('ul', { class: 'suggestions next-steps', 'aria-label': 'Suggested next steps' }, steps.map((step) => button(step.textContent))));
}
