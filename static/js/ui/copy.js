import { h } from './dom.js';
import { toast } from './toasts.js';

export async function copyText(text, notice = 'Copied') {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copyWithoutClipboardApi(text);
  }
  toast(notice, { seconds: 2 });
}

// The clipboard API does not exist on plain http.
function copyWithoutClipboardApi(text) {
  const area = h('textarea', { class: 'visually-hidden', readonly: true });
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
