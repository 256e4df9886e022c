const WAITED_MINUTES = 75;
const MARKS = {
  honeypot: 'A field was filled in that people don’t see.',
  links: 'It has many links.',
  markup: 'It has the markup of advertisements.',
  headers: 'It tries to add lines to a mail.',
  too_quick: 'It was sent within two seconds.',
  too_large: 'It was longer than 32 KB; what is here is its beginning.',
  many_fields: 'It had more than 50 fields; the first ones are here.',
  no_form: 'It was not sent by a form.',
  repeated: 'The same text was sent before, more than once.',
  sender_limit: 'Much was sent from one address within an hour.',
  form_limit: 'Much was sent by this form within an hour.',
  unproven: 'It did not come by your website.',
  no_room: 'The inbox was full.',
};

/** Why a submission is in quarantine, in sentences. */
export const reasons = (row) => row.marks.map((mark) => MARKS[mark] ?? mark);

/** Who sent it, as far as they said: a name, else an address, else the first thing they wrote. */
export function senderOf(row) {
  const said = (pattern) => row.fields.find(({ name, value }) => pattern.test(name) && value.trim())?.value;
  return (said(/^(your |full |first )?name$|^vorname|^nom$|^nombre|^nome/i) ?? said(/mail/i) ?? row.fields.find(({ value }) => value.trim())?.value ?? 'Nothing').trim().slice(0, 80);
}

/** A field's name as words: "your_name" is "Your name". */
export const labelOf = (name) => name.replace(/[-_]+/g, ' ').trim().replace(/^./u, (first) => first.toUpperCase()) || name;

/** The mail address that an answer goes to, if there is one. */
export function addressOf(row) {
  const found = row.fields.map(({ value }) => value.trim()).find((value) => /^[^\s@<>,;:"]+@[^\s@<>,;:"]+\.[^\s@<>,;:".]+$/.test(value));
  return found ?? null;
}

/** The longest text, in one line. */
export function summaryOf(row) {
  const longest = row.fields.reduce((best, { value }) => (value.length > best.length ? value : best), '');
  return longest.replace(/\s+/g, ' ').trim().slice(0, 140);
}

/** Whether a notice did not arrive: it failed, or the worker that would have sent it has ended. */
export function isUndelivered(row, now = Date.now()) {
  const notices = [row.mail_notice, row.webhook_notice];
  const isOld = now - Date.parse(row.created_at) > WAITED_MINUTES * 60_000;
  return notices.includes('failed') || (isOld && notices.includes('waiting'));
}

/** What became of the notices, in a sentence; empty where there were none. */
export function noticeText(row, now = Date.now()) {
  if (isUndelivered(row, now)) return 'You were not told of this: the notice could not be delivered.';
  if (row.mail_notice === 'waiting' || row.webhook_notice === 'waiting') return 'A notice is on its way.';
  const sent = [row.mail_notice === 'sent' && 'by mail', row.webhook_notice === 'sent' && 'by webhook'].filter(Boolean);
  return sent.length ? `You were told ${sent.join(' and ')}.` : '';
}
