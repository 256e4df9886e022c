import { find } from '../ui/dom.js';
import { openMenu } from '../ui/menu.js';
import { chatMenu, renameInPlace } from './chat-actions.js';

/** The line above the conversation: the chat's title, its helper and its menu. */
export class ChatHeader {
  #title = find('#chat-title');
  #helper = find('#chat-helper');
  #menu = find('#chat-menu');
  #find = find('#find-toggle');
  #conversation = null;

  constructor(app) {
    this.app = app;
    const startRename = () => renameInPlace(this.#title, this.#conversation.chat, { back: this.#menu, afterRename: app.chatRenamed });
    this.#menu.addEventListener('click', () => openMenu(this.#menu, chatMenu(this.#conversation.chat, app, startRename)));
    this.#title.addEventListener('dblclick', () => this.#conversation.chat && startRename());
  }

  show(conversation) {
    this.#conversation = conversation;
    const title = conversation.chat ? conversation.chat.title || 'New chat' : 'New chat';
    const helper = this.app.helperNamed(conversation.helper);
    this.#title.textContent = title;
    this.#helper.textContent = helper.label;
    this.#helper.dataset.helper = helper.name;
    this.#menu.hidden = !conversation.chat;
    this.#find.hidden = !conversation.chat;
    document.title = `${title} · ${this.app.websiteName} · Sitethread`;
  }
}
