import { request } from '../net/api.js';
import { openDialog } from '../ui/dialogs.js';
import { h, icon } from '../ui/dom.js';
import { toastError } from '../ui/toasts.js';

const KEPT = [[30, '30 days'], [90, '90 days'], [180, 'Half a year'], [365, 'A year'], [730, 'Two years'], [3650, 'Ten years']];

/** Have the owner choose how they hear of submissions, how long these are kept, and what visitors agree to. */
export async function openNoticeSettings(websiteId) {
  const path = `/api/websites/${websiteId}/notices`;
  let found;
  try {
    found = await request('GET', path);
  } catch (error) {
    toastError(error);
    return;
  }
  const { notices } = found;
  const field = (id, label, control, hint) => h('div', { class: 'field' }, h('label', { for: id }, label), control, hint && h('p', { class: 'inbox-hint', id: `${id}-hint` }, hint));
  const mails = h('input', { class: 'input', id: 'notice-mails', type: 'email', multiple: true, placeholder: 'you@example.com', disabled: !found.can_mail, 'aria-describedby': 'notice-mails-hint' });
  // Not as an attribute: Chromium leaves it out where `multiple` was there before.
  mails.value = notices.mails.join(', ');
  const webhook = h('input', { class: 'input', id: 'notice-webhook', type: 'url', value: notices.webhook, placeholder: 'https://', maxlength: 1000, disabled: !found.can_call_webhooks, 'aria-describedby': 'notice-webhook-hint' });
  const kept = h('select', { class: 'input', id: 'notice-kept' }, choices(notices.retention_days).map(([days, label]) => h('option', { value: days, selected: days === notices.retention_days }, label)));
  const consent = h('textarea', { class: 'input', id: 'notice-consent', rows: 2, maxlength: 300, 'aria-describedby': 'notice-consent-hint', placeholder: 'I agree that my message is kept until it is answered.' });
  consent.value = notices.consent;
  const problem = h('p', { class: 'form-note problem', role: 'alert', hidden: true });
  await openDialog('Notices', (close) => {
    const save = async (event) => {
      event.preventDefault();
      const body = { mails: mails.value.split(/[\s,;]+/).filter(Boolean), webhook: webhook.value.trim(), retention_days: Number(kept.value), consent: consent.value };
      try {
        const { notices: saved } = await request('PUT', path, body);
        // The key is shown where a webhook was just added, and which addresses were mailed a link.
        close(null);
        const isAsked = found.can_mail && unconfirmed(saved).some((mail) => !notices.mails.includes(mail));
        if (isAsked || (saved.webhook && saved.webhook !== notices.webhook)) openNoticeSettings(websiteId);
      } catch (error) {
        problem.textContent = error.message;
        problem.hidden = false;
      }
    };
    return [h('form', { class: 'stack inbox-settings', onsubmit: save },
      !found.can_call_webhooks && h('p', { class: 'form-note notice' }, icon('alert'), h('span', {}, 'This server has no secret to keep addresses safe with, so it sends no notices. The inbox works.')),
      found.can_call_webhooks && !found.can_mail && h('p', { class: 'form-note notice' }, icon('alert'), h('span', {}, 'This server has no mail server, so it sends no mails.')),
      field('notice-mails', 'Mail to', mails, 'Up to three addresses, with commas between them.'),
      found.can_mail && unconfirmed(notices).map((mail) => unconfirmedNote(path, mail)),
      field('notice-webhook', 'Webhook', webhook, 'Each submission is sent there as JSON, signed. For programs.'),
      notices.signing_key && field('notice-key', 'Key of its signatures', h('input', { class: 'input', id: 'notice-key', value: notices.signing_key, readonly: true, onfocus: (event) => event.target.select() })),
      field('notice-kept', 'Keep submissions for', kept),
      field('notice-consent', 'Visitors agree to', consent, 'Shown with a box to tick before a form is sent. Leave it empty to ask for nothing.'),
      problem,
      h('div', { class: 'dialog-actions' },
        h('button', { type: 'button', class: 'button quiet', onclick: () => close(null) }, 'Cancel'),
        h('button', { type: 'submit', class: 'button primary' }, 'Save')))];
  });
}

const unconfirmed = ({ mails, confirmed }) => mails.filter((mail) => !confirmed.includes(mail));

function unconfirmedNote(path, mail) {
  const words = h('span', {}, `No notice goes to ${mail} before the link that was mailed there is opened.`);
  const again = h('button', { type: 'button', class: 'button small', onclick: async () => {
    again.disabled = true;
    try {
      await request('POST', `${path}/confirmations`, { mail });
      words.textContent = `The link was mailed to ${mail} again.`;
    } catch (error) {
      words.textContent = error.message;
    }
  } }, 'Mail it again');
  return h('p', { class: 'form-note notice', role: 'status' }, icon('alert'), words, again);
}

const choices = (days) => (KEPT.some(([known]) => known === days) ? KEPT : [...KEPT, [days, `${days} days`]].sort(([a], [b]) => a - b));
