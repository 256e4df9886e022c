import { find } from '../ui/dom.js';
import { TurnView } from './turn-view.js';
import { TurnWindow } from './turn-window.js';

const BOTTOM_MARGIN = 64;
const NEAR = 600;
const PAGE_SIZE = 30;
const LARGE_PAGE_SIZE = 100;

/**
 * The scrolling list of turns: it follows new text only while scrolled to the bottom, and loads older turns at the top. Turns far
 * out of view are let go.
 */
export class ConversationView {
  #scroller = find('#conversation');
  #list = find('#turns');
  #older = find('#older');
  #jump = find('#jump-latest');
  #window = new TurnWindow();
  #turns = new Map();
  #grown = new Set();
  #frame = null;
  #isAtBottom = true;
  #isLoading = false;
  #conversation = null;

  constructor(app) {
    this.app = app;
    this.#scroller.addEventListener('scroll', () => this.#onScroll(), { passive: true });
    this.#jump.addEventListener('click', () => this.scrollToEnd());
    this.#older.addEventListener('click', () => this.loadOlder());
    new IntersectionObserver(([entry]) => entry.isIntersecting && this.loadOlder(), { root: this.#scroller, rootMargin: `${NEAR}px 0px 0px` }).observe(this.#older);
    new ResizeObserver(() => this.#isAtBottom && this.scrollToEnd()).observe(this.#scroller);
  }

  show(conversation) {
    this.#conversation = conversation;
    this.#turns.clear();
    this.#list.replaceChildren();
    this.#window.toEnd();
    this.#isAtBottom = true;
    this.draw();
  }

  /** Update the turns without moving what the person is reading. */
  draw(isForced = false) {
    if (!this.#conversation) return;
    this.#keepPlace(() => this.#drawTurns(isForced));
    if (this.#isAtBottom) this.scrollToEnd();
  }

  #drawTurns(isForced) {
    const keys = new Set();
    let before = null;
    const { turns } = this.#conversation;
    for (const turn of this.#window.of(turns)) {
      keys.add(turn.key);
      const view = this.#turns.get(turn.key) ?? this.#add(turn.key);
      view.update({ ...turn, isLast: turn.key === turns.at(-1).key }, isForced);
      const place = before ? before.nextSibling : this.#list.firstChild;
      if (view.element !== place) this.#list.insertBefore(view.element, place);
      before = view.element;
    }
    for (const [key, view] of this.#turns) {
      if (keys.has(key)) continue;
      view.element.remove();
      // What somebody is typing there is still wanted.
      if (!view.isEditing) this.#turns.delete(key);
    }
    this.#older.hidden = !this.#conversation.hasOlder && !this.#window.hasEarlier(this.#conversation.turns);
  }

  /** Draw new text of an answer, at most once per frame. */
  updateText(id) {
    this.#grown.add(id);
    this.#frame ??= requestAnimationFrame(() => this.#drawGrown());
  }

  /** Load older pages until the shown path has grown: a page may contain only messages of other paths. */
  async loadOlder() {
    const conversation = this.#conversation;
    if (this.#isLoading || !conversation || this.#moveUp() || !conversation.hasOlder || !conversation.nextCursor) return;
    this.#isLoading = true;
    this.#older.setAttribute('aria-busy', 'true');
    this.#isAtBottom = false;
    try {
      const before = conversation.turns.length;
      for (let size = PAGE_SIZE; conversation.hasOlder && conversation.turns.length === before; size = LARGE_PAGE_SIZE) {
        if (!(await conversation.loadOlder(size))) break;
      }
      if (conversation === this.#conversation) this.#moveUp();
    } catch (error) {
      this.app.showError(error);
    } finally {
      this.#isLoading = false;
      this.#older.removeAttribute('aria-busy');
    }
  }

  // Keep the turn at the top of the window in place: turns added above it push it down, text below it does not.
  #keepPlace(change) {
    const top = this.#scroller.getBoundingClientRect().top;
    const anchor = [...this.#list.children].find((turn) => turn.getBoundingClientRect().bottom > top);
    const before = anchor?.getBoundingClientRect().top;
    change();
    if (anchor?.isConnected && !this.#isAtBottom) this.#scroller.scrollTop += anchor.getBoundingClientRect().top - before;
  }

  /** The id of the last answer shown if a newer message is on another path, so that the chat continues from it; else null. */
  answerToContinueFrom() {
    const { path, tree } = this.#conversation;
    const shown = path.findLast((message) => message.role === 'assistant' && message.seq);
    const isLatest = path.some((message) => message.id === tree.newest?.id);
    return shown && !isLatest ? shown.id : null;
  }

  /** Show another alternative at the same scroll position, with the focus on the same arrow. */
  choose(turn, id, step) {
    const before = turn.element.getBoundingClientRect().top;
    this.#isAtBottom = false;
    this.#conversation.choose(id);
    this.#bringIn(id);
    const view = this.#viewOf(id);
    this.#scroller.scrollTop += view.element.getBoundingClientRect().top - before;
    view.focusStep(step);
  }

  /** Let the person say their last message in other words. */
  editLastQuestion() {
    const turn = this.#conversation.turns.findLast(({ question }) => question);
    if (!turn) return;
    this.#bringIn(turn.question.id);
    this.#turns.get(turn.key).editQuestion();
  }

  async reveal(messageId) {
    const conversation = this.#conversation;
    while (!conversation.messages.has(messageId)) {
      if (!(await conversation.loadOlder(LARGE_PAGE_SIZE))) return;
    }
    this.#isAtBottom = false;
    if (this.#indexOf(messageId) < 0) conversation.choose(messageId);
    while (this.#indexOf(messageId) < 0) {
      if (!(await conversation.loadOlder(LARGE_PAGE_SIZE))) return;
    }
    this.#bringIn(messageId);
    const target = this.#viewOf(messageId).reveal(messageId);
    target.scrollIntoView({ block: 'start' });
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
  }

  #viewOf(messageId) {
    return this.#turns.get(this.#conversation.turns[this.#indexOf(messageId)]?.key);
  }

  #indexOf(messageId) {
    return this.#conversation.turns.findIndex((turn) => turn.question?.id === messageId || turn.answer?.id === messageId);
  }

  #bringIn(messageId) {
    if (this.#viewOf(messageId)?.element.isConnected) return;
    this.#window.around(this.#conversation.turns, this.#indexOf(messageId));
    this.draw();
  }

  /** Show earlier turns that are loaded already; false when there are none. */
  #moveUp() {
    const { turns } = this.#conversation;
    if (!this.#window.hasEarlier(turns)) return false;
    this.#isAtBottom = false;
    this.#window.up(turns);
    this.draw();
    return true;
  }

  // Not smoothly: new text arriving during a smooth scroll would end the following.
  scrollToEnd() {
    this.#isAtBottom = true;
    this.#jump.hidden = true;
    if (!this.#window.isAtEnd) {
      this.#window.toEnd();
      this.#drawTurns();
    }
    // An empty chat shows its greeting from the top.
    this.#scroller.scrollTop = this.#conversation?.messages.size ? this.#scroller.scrollHeight : 0;
  }

  #add(key) {
    const view = new TurnView(this.app, (id, step) => this.choose(view, id, step));
    this.#turns.set(key, view);
    return view;
  }

  #drawGrown() {
    this.#frame = null;
    const grown = [...this.#grown].map((id) => this.#conversation.messages.get(id)).filter(Boolean);
    this.#grown.clear();
    for (const message of grown) {
      const view = this.#turns.get(message.reply_to) ?? this.#turns.get(message.id);
      view?.updateText(message);
      if (view) this.app.showBuilding(view.openPage);
    }
    if (this.#isAtBottom) this.scrollToEnd();
    else this.#jump.hidden = false;
  }

  #onScroll() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    const below = scrollHeight - scrollTop - clientHeight;
    this.#isAtBottom = this.#window.isAtEnd && below < BOTTOM_MARGIN;
    this.#jump.hidden = this.#window.isAtEnd && below < Math.max(BOTTOM_MARGIN, clientHeight / 2);
    if (!this.#window.isAtEnd && below < NEAR) {
      this.#window.down(this.#conversation.turns);
      this.draw();
    }
  }
}
