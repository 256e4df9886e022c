// The last open chat of each website, drafts, and the width of the preview, in localStorage. Private windows may block it.

const chatKey = (websiteId) => `chat_session_${websiteId}`;
const newChatKey = (websiteId) => `chat_fresh_${websiteId}`;
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

export const previewDevice = {
  get: () => read('preview_device'),
  save: (device) => write('preview_device', device),
};

function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // The page works without it.
  }
}
