const PARTS = { session: 'the chat', messages: 'the messages', tool_calls: 'tool calls', sources: 'sources' };

/** Where in an imported file a fault is, for people: "messages.1.tool_calls.0" is "message 2, tool calls, entry 1". */
export function placeInWords(place) {
  const words = place.split('.').map((part, at, parts) => {
    const isNumber = /^\d+$/.test(part);
    if (isNumber) return parts[at - 1] === 'messages' ? `message ${Number(part) + 1}` : `entry ${Number(part) + 1}`;
    if (part === 'messages' && /^\d+$/.test(parts[at + 1] ?? '')) return null;
    return PARTS[part] ?? (part.startsWith('line ') ? part : `“${part}”`);
  });
  return words.filter(Boolean).join(', ');
}

/** What is wrong there, without the place that the server's sentence begins with. */
export function faultInWords(message, place) {
  if (place.startsWith('line ') && message.endsWith('not valid JSON.')) return 'It is not JSON from there on, or ends too early.';
  const at = message.indexOf(`${place}: `);
  if (at < 0) return message;
  const fault = message.slice(at + place.length + 2);
  return fault.charAt(0).toUpperCase() + fault.slice(1);
}
