import { find } from '../ui/dom.js';

const narrow = matchMedia('(max-width: 899px)');
const noSidebar = matchMedia('(max-width: 1199px)');

/** On narrow screens one of chat and preview is shown, and the chat history is a drawer. */
export class Panes {
  #root = find('#builder');
  #drawer = find('#history');
  #opener = find('#history-button');
  #panes = [find('#chat-pane'), find('#preview-pane')];

  constructor() {
    for (const tab of document.querySelectorAll('input[name=pane]')) tab.addEventListener('change', () => this.show(tab.value));
    this.#opener.addEventListener('click', () => this.toggleHistory());
    find('#history-close').addEventListener('click', () => this.closeHistory());
    find('#history-backdrop').addEventListener('click', () => this.closeHistory());
    this.#drawer.addEventListener('keydown', (event) => event.key === 'Escape' && this.closeHistory());
    for (const query of [narrow, noSidebar]) query.addEventListener('change', () => this.#updateInert());
    this.show('chat');
  }

  show(pane) {
    this.#root.dataset.pane = pane;
    find(`input[name=pane][value=${pane}]`).checked = true;
    if (pane === 'preview') find('#preview-news').hidden = true;
    this.#updateInert();
  }

  /** Show a dot on the Preview tab if the preview changed while it was hidden. */
  markPreviewChanged() {
    find('#preview-news').hidden = !(narrow.matches && this.#root.dataset.pane === 'chat');
  }

  toggleHistory() {
    if (this.#root.classList.contains('history-open')) this.closeHistory();
    else {
      this.#root.classList.add('history-open');
      this.#updateInert();
      find('#chat-filter').focus();
    }
  }

  closeHistory() {
    if (!this.#root.classList.contains('history-open')) return;
    const hadFocus = this.#drawer.contains(document.activeElement);
    this.#root.classList.remove('history-open');
    this.#updateInert();
    if (hadFocus && noSidebar.matches) this.#opener.focus();
  }

  // Make hidden panes inert, so that the Tab key skips them. The preview is what the page is about while the chat is hidden.
  #updateInert() {
    this.#panes[1].role = narrow.matches && this.#root.dataset.pane === 'preview' ? 'main' : null;
    const isOpen = this.#root.classList.contains('history-open') && noSidebar.matches;
    this.#drawer.inert = noSidebar.matches && !isOpen;
    this.#opener.setAttribute('aria-expanded', String(isOpen));
    for (const pane of this.#panes) pane.inert = isOpen;
  }
}
