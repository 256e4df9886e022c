import { PageFrame } from './shared/page-frame.js';
import { showPagesBeside } from './shared/pages-beside.js';
import { find } from './ui/dom.js';

const chat = find('.shared-layout');
if (chat) showPagesBeside(chat);

const frame = find('.shared-page-frame');
if (frame) new PageFrame(frame, find('[data-run-scripts]')).show(frame.dataset.preview);
