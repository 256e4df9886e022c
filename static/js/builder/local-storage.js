// The last open chat of each website, drafts, the widths of chat and preview, and the shortcuts, in localStorage; what was asked for this browser
// session in sessionStorage. Private windows may block both.

const chatKey = (websiteId) => `chat_session_${websiteId}`;
const newChatKey = (websiteId) => `chat_fresh_${websiteId}`;
const scriptsKey = (websiteId) => `preview_scripts_${websiteId}`;
const codeKey = (websiteId) => `draft_code_${websiteId}`;
const draftKey = (websiteId, chatId) => `draft_${chatId ?? `new_${websiteId}`}`;

export const lastChat = {
  get: (websiteId) => read(chatKey(websiteId)),
  /** Whether the person last chose "New chat": then the newest chat is not opened. */
  isNew: (websiteId) => read(newChatKey(websiteId)) !== null,
  save(websiteId, chatId) {
    write(chatKey(websiteId), chatId);
    write(newChatKey(websiteId), null);
  },
  saveNew(websiteId) {
    write(chatKey(websiteId), null);
    write(newChatKey(websiteId), '1');
  },
  /** Remove both keys, after the website was deleted. */
  remove(websiteId) {
    write(chatKey(websiteId), null);
    write(newChatKey(websiteId), null);
  },
};

export const drafts = {
  get: (websiteId, chatId) => read(draftKey(websiteId, chatId)) ?? '',
  save: (websiteId, chatId, text) => write(draftKey(websiteId, chatId), text.trim() ? text : null),
};

/** Code of a website that was changed and not saved: {versionId, files}, the files by path. */
export const codeDrafts = {
  get(websiteId) {
    const draft = read(codeKey(websiteId));
    return draft && JSON.parse(draft);
  },
  save: (websiteId, draft) => write(codeKey(websiteId), draft && JSON.stringify(draft)),
};

export const previewDevice = {
  get: () => read('preview_device'),
  save: (device) => write('preview_device', device),
};

/** How much of the width of both the chat has beside the preview, in percent. */
export const chatShare = {
  get: () => read('chat_share'),
  save: (share) => write('chat_share', share === null ? null : String(share)),
};

/** Whether a key alone is a shortcut: on until the person turns it off. */
export const singleKeys = {
  get areOn() {
    return read('single_keys') !== 'off';
  },
  turn: (isOn) => write('single_keys', isOn ? null : 'off'),
};

/** Whether the person asked, in this browser session, to run a website's scripts in its preview. */
export const previewScripts = {
  areAskedFor: (websiteId) => read(scriptsKey(websiteId), 'sessionStorage') !== null,
  ask: (websiteId) => write(scriptsKey(websiteId), '1', 'sessionStorage'),
};

/** Remove drafts and remembered chats, of whichever account: their keys don't tell. */
export function forgetChats() {
  try {
    const keys = Object.keys(localStorage).filter((key) => /^(chat_session|chat_fresh|draft)_/.test(key));
    for (const key of keys) localStorage.removeItem(key);
    sessionStorage.clear();
  } catch {
    // There is none.
  }
}

function read(key, storage = 'localStorage') {
  try {
    return globalThis[storage].getItem(key);
  } catch {
    return null;
  }
}

function write(key, value, storage = 'localStorage') {
  try {
    if (value === null) globalThis[storage].removeItem(key);
    else globalThis[storage].setItem(key, value);
  } catch {
    // The page works without it.
  }
}
