// What a visitor typed on the start page, kept in this browser until they have signed up and it is being built.
const KEY = 'wanted_website';
const LASTS = 24 * 3600 * 1000;

export const wanted = {
  get() {
    try {
      const { text, at } = JSON.parse(localStorage.getItem(KEY)) ?? {};
      return typeof text === 'string' && text.trim() && Date.now() - at < LASTS ? text : null;
    } catch {
      return null;
    }
  },
  save(text) {
    try {
      if (text.trim()) localStorage.setItem(KEY, JSON.stringify({ text, at: Date.now() }));
      else localStorage.removeItem(KEY);
    } catch {
      // A private window: the text is lost with the page.
    }
  },
  forget: () => wanted.save(''),
};
