import { openDialog } from '../ui/dialogs.js';
import { find, h } from '../ui/dom.js';
import { singleKeys } from './local-storage.js';

const SHORTCUTS = [
  [['/'], 'Go to the message box', true],
  [['E'], 'Change the page by hand, and stop', true],
  [['?'], 'Show these shortcuts', true],
  [['↑'], 'In the empty message box: say your last message in other words'],
  [['Enter'], 'Send'],
  [['Shift', 'Enter'], 'Start a new line'],
  [['Ctrl', 'K'], 'Search chats'],
  [['Esc'], 'Close what is open'],
];

/** Single keys work outside fields and dialogs, and can be turned off, as speech input types them (WCAG 2.1.4). */
export function watchShortcuts(page) {
  const actions = { '/': () => goToComposer(page), e: () => page.byHand.toggle('edit'), '?': showShortcuts };
  addEventListener('keydown', (event) => {
    const run = actions[event.key];
    if (!run || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !singleKeys.areOn) return;
    if (event.defaultPrevented || isTaken(event.target)) return;
    event.preventDefault();
    run();
  });
  find('#show-shortcuts')?.addEventListener('click', () => {
    find('#user-menu').hidePopover();
    showShortcuts();
  });
}

function isTaken(element) {
  return element.closest?.('input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], dialog, [role=menu]') || document.querySelector('dialog[open]');
}

function goToComposer(page) {
  page.panes.closeHistory();
  page.panes.show('chat');
  page.composer.focus();
}

function showShortcuts() {
  const toggle = h('input', { type: 'checkbox', checked: singleKeys.areOn });
  toggle.addEventListener('change', () => singleKeys.turn(toggle.checked));
  return openDialog('Keyboard shortcuts', (close) => [
    h('table', { class: 'shortcut-list' },
      h('thead', { class: 'visually-hidden' }, h('tr', {}, h('th', { scope: 'col' }, 'Keys'), h('th', { scope: 'col' }, 'What they do'))),
      h('tbody', {}, SHORTCUTS.map(([keys, what, isSingle]) => h('tr', {},
        h('th', { scope: 'row' }, keys.map((key) => h('kbd', {}, key))),
        h('td', {}, what, isSingle && h('span', { class: 'hint' }, ', outside fields')))))),
    h('label', { class: 'check' }, toggle, h('span', {}, 'Use the shortcuts of a single key')),
    h('div', { class: 'dialog-actions' }, h('button', { type: 'button', class: 'button', autofocus: true, onclick: () => close(null) }, 'Close')),
  ]);
}
