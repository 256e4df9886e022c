import { h } from '../ui/dom.js';
import { TYPES } from './uploads.js';

/** Let the person choose pictures on their device; `run` gets the files. */
export function chooseFiles(run, { isMany = true } = {}) {
  const input = h('input', { type: 'file', accept: TYPES.join(','), multiple: isMany, hidden: true, 'aria-hidden': 'true' });
  const end = () => input.remove();
  input.addEventListener('change', () => {
    run([...input.files]);
    end();
  });
  input.addEventListener('cancel', end);
  document.body.append(input);
  input.click();
}
