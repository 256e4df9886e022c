import { find } from '../ui/dom.js';
import { openInbox } from './dialog.js';
import { Inbox } from './inbox.js';

const MS_BETWEEN_COUNTS = 60_000;

/** The bar's button, with how many submissions are unread; a mailed link opens the inbox at once. */
export function watchInbox(websiteId) {
  const inbox = new Inbox(websiteId);
  const button = find('#inbox');
  const badge = find('#inbox-unread');
  const draw = () => {
    const { unread } = inbox.counts;
    badge.textContent = unread > 99 ? '99+' : String(unread);
    badge.hidden = !unread;
    button.setAttribute('aria-label', unread ? `Inbox, ${unread} unread` : 'Inbox');
  };
  // Whether anybody wrote is no reason to disturb.
  const count = () => document.visibilityState === 'visible' && inbox.count().catch(() => {});
  inbox.addEventListener('change', draw);
  button.addEventListener('click', () => openInbox(inbox));
  document.addEventListener('visibilitychange', count);
  setInterval(count, MS_BETWEEN_COUNTS);
  count();
  if (new URLSearchParams(location.search).has('inbox')) openInbox(inbox);
}
