import { find } from '../ui/dom.js';

const hasFiles = ({ dataTransfer }) => [...(dataTransfer?.types ?? [])].includes('Files');
const isElsewhere = () => find('dialog[open]') !== null;

/** Have files that are dropped anywhere on the page, or pasted, be taken. */
export function watchDrops(onFiles) {
  const zone = find('#drop-zone');
  addEventListener('dragenter', (event) => {
    if (hasFiles(event)) zone.hidden = isElsewhere();
  });
  // Else the browser would leave the page for the file.
  addEventListener('dragover', (event) => hasFiles(event) && event.preventDefault());
  addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    zone.hidden = true;
    if (!isElsewhere()) onFiles([...event.dataTransfer.files]);
  });
  zone.addEventListener('dragleave', () => { zone.hidden = true; });
  addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])].filter(({ type }) => type.startsWith('image/'));
    // What is copied from a table is text, and a picture of it.
    if (!files.length || isElsewhere() || event.clipboardData.types.includes('text/plain')) return;
    event.preventDefault();
    onFiles(files);
  });
}
