import { SharedPage } from './shared/shared-page.js';
import { showPagesBeside } from './shared/pages-beside.js';
import { find, readPageData } from './ui/dom.js';

const chat = find('.shared-layout');
if (chat) showPagesBeside(chat);
if (find('.shared-page-frame')) new SharedPage(readPageData('shared-page-data'));
