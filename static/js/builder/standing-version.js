/**
 * The id of the version that a question at the end of the shown path starts from, null for none; the database decides by the same
 * rule (private.version_to_start_from) when the question comes. `rows` are the website's versions, newest first.
 */
export function standingVersion({ path, chat, hasOlder }, rows) {
  const [newest] = rows;
  const message = path.findLast(({ version_id: id }) => id);
  const last = rows.find(({ id }) => id === message?.version_id);
  // Made just now, the list does not have it yet. One with a lower number is of another website.
  if (message && !last && message.version_number > (newest?.number ?? 0)) return message.version_id;
  if (!newest) return null;
  // Older messages that are not loaded may have a version.
  if (!last && hasOlder) return newest.id;
  const { hasLast, madeOffPath } = lineTo(last, rows, chatsOf(chat, last));
  if (!last) return madeOffPath ? madeOffPath.base_version_id : newest.id;
  return hasLast && !madeOffPath ? newest.id : last.id;
}

/** A branch that has made nothing itself is one more path of the chat that it is a copy of. */
function chatsOf(chat, last) {
  const origin = chat?.branched_from_session_id;
  return [chat?.id, origin && (last?.session_id ?? origin)].filter(Boolean);
}

/** Follow the bases from the newest version down to `last`; `madeOffPath` is the oldest that other paths of these chats made. */
function lineTo(last, rows, chats) {
  const byId = new Map(rows.map((row) => [row.id, row]));
  let madeOffPath = null;
  for (let row = rows[0]; row && row.number >= (last?.number ?? 0); row = byId.get(row.base_version_id)) {
    if (row === last) return { hasLast: true, madeOffPath };
    if (row.message_id && chats.includes(row.session_id)) madeOffPath = row;
  }
  return { hasLast: false, madeOffPath };
}
