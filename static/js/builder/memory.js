// Which chat a website was left in, and what was typed but not sent. Per browser; private windows may refuse.

const chatKey = (websiteId) => `chat_session_${websiteId}`;
const freshKey = (websiteId) => `chat_fresh_${websiteId}`;
const draftKey = (websiteId, sessionId) => `draft_${sessionId ?? `new_${websiteId}`}`;

export const lastChat = {
  get: (websiteId) => read(chatKey(websiteId)),
  /** Whether the person asked for a new chat: then the newest one is not opened for them. */
  startedFresh: (websiteId) => read(freshKey(websiteId)) !== null,
  save(websiteId, sessionId) {
    write(chatKey(websiteId), sessionId);
    write(freshKey(websiteId), null);
  },
  clear(websiteId) {
    write(chatKey(websiteId), null);
    write(freshKey(websiteId), '1');
  },
  /** The website is gone. */
  forget(websiteId) {
    write(chatKey(websiteId), null);
    write(freshKey(websiteId), null);
  },
};

export const drafts = {
  get: (websiteId, sessionId) => read(draftKey(websiteId, sessionId)) ?? '',
  save: (websiteId, sessionId, text) => write(draftKey(websiteId, sessionId), text.trim() ? text : null),
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
    // Nothing is remembered, and nothing else breaks.
  }
}
