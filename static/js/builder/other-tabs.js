import { tabs } from '../net/this-browser.js';

const TOPIC = 'chats';

/** Tell the other tabs of this browser that a chat of a website changed. */
export function tellOtherTabs(websiteId, sessionId) {
  tabs.tell(TOPIC, { websiteId, sessionId });
}

/** Call `onNews` when this website may have changed in another tab, or elsewhere while nobody looked. */
export function watchElsewhere(websiteId, onNews) {
  tabs.listen(TOPIC, (news) => news.websiteId === websiteId && onNews(news.sessionId));
  let hiddenSince = 0;
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) hiddenSince = Date.now();
    else if (Date.now() - hiddenSince > 5_000) onNews(null);
  });
  addEventListener('online', () => onNews(null));
}
