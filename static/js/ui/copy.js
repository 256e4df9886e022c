import { h } from './dom.js';
import { toast } from './toasts.js';

export async function copyText(text, said = 'Copied') {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copyTheOldWay(text);
  }
  toast(said, { seconds: 2 });
}

// The clipboard API does not exist on plain http.
function copyTheOldWay(text) {
  const area = h('textarea', { class: 'visually-hidden', readonly: true });
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
