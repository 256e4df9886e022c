const NAMES = { session: 'the chat', messages: 'the messages', conversations: 'the chats', tool_calls: 'tool calls', sources: 'sources' };
const COUNTED = { messages: 'message', conversations: 'chat' };

/** Describe the place of an error in an imported file: "messages.1.tool_calls.0" becomes "message 2, tool calls, entry 1". */
export function describePlace(place) {
  const words = place.split('.').map((part, at, parts) => {
    const isNumber = /^\d+$/.test(part);
    if (isNumber) return `${COUNTED[parts[at - 1]] ?? 'entry'} ${Number(part) + 1}`;
    if (part in COUNTED && /^\d+$/.test(parts[at + 1] ?? '')) return null;
    return NAMES[part] ?? (part.startsWith('line ') ? part : `“${part}”`);
  });
  return words.filter(Boolean).join(', ');
}

/** Return the server's message without the place that it begins with. */
export function describeError(message, place) {
  if (place.startsWith('line ') && message.endsWith('not valid JSON.')) return 'It is not JSON from there on, or ends too early.';
  const at = message.indexOf(`${place}: `);
  if (at < 0) return message;
  const description = message.slice(at + place.length + 2);
  return description.charAt(0).toUpperCase() + description.slice(1);
}
