import { find } from '../ui/dom.js';
import { openMenu } from '../ui/menu.js';
import { chatMenu, renameInPlace } from './chat-actions.js';

/** The line above the conversation: which chat, which helper, and what can be done with it. */
export class ChatHeader {
  #title = find('#chat-title');
  #helper = find('#chat-helper');
  #menu = find('#chat-menu');
  #find = find('#find-toggle');
  #conversation = null;

  constructor(app) {
    this.app = app;
    const startRename = () => renameInPlace(this.#title, this.#conversation.session, { back: this.#menu, afterRename: app.chatRenamed });
    this.#menu.addEventListener('click', () => openMenu(this.#menu, chatMenu(this.#conversation.session, app, startRename)));
    this.#title.addEventListener('dblclick', () => this.#conversation.session && startRename());
  }

  show(conversation) {
    this.#conversation = conversation;
    const title = conversation.session ? conversation.session.title || 'New chat' : 'New chat';
    const helper = this.app.helperNamed(conversation.helper);
    this.#title.textContent = title;
    this.#helper.textContent = helper.label;
    this.#helper.dataset.helper = helper.name;
    this.#menu.hidden = !conversation.session;
    this.#find.hidden = !conversation.session;
    document.title = `${title} · ${this.app.websiteName} · Sitethread`;
  }
}
