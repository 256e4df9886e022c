import { deleteAccount } from './account/delete-dialog.js';
import { watchImport } from './account/import-form.js';
import { find, readPageData } from './ui/dom.js';

find('#delete-account').addEventListener('click', () => deleteAccount(readPageData('page-data').userId));
watchImport(find('#import-account'));
