import { tabs } from '../net/tabs.js';

const TOPIC = 'chats';

/** Tell the other tabs of this browser that a chat of a website changed. */
export function tellOtherTabs(websiteId) {
  tabs.tell(TOPIC, { websiteId });
}

/** Call `onChange` when another tab changed this website, or when it may have changed while this tab was hidden or offline. */
export function watchForChanges(websiteId, onChange) {
  tabs.listen(TOPIC, (news) => news.websiteId === websiteId && onChange());
  let hiddenSince = 0;
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) hiddenSince = Date.now();
    else if (Date.now() - hiddenSince > 5_000) onChange();
  });
  addEventListener('online', () => onChange());
}
