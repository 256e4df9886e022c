/**
 * Make a parser for server-sent events (text/event-stream); `feed` takes text in pieces of any size.
 *
 * `onEvent({type, id, data})` is called for each complete event; comments are skipped.
 */
export function createEventParser(onEvent) {
  let rest = '';
  let event = { type: 'message', id: null, data: [] };

  function takeLine(line) {
    if (line === '') {
      if (event.data.length) onEvent({ type: event.type, id: event.id, data: event.data.join('\n') });
      event = { type: 'message', id: null, data: [] };
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') event.data.push(value);
    else if (field === 'event') event.type = value;
    else if (field === 'id') event.id = value;
  }

  return {
    feed(text) {
      rest += text;
      // A carriage return at the very end may be half of a CRLF.
      for (let match = /\r\n|\n|\r(?!$)/.exec(rest); match; match = /\r\n|\n|\r(?!$)/.exec(rest)) {
        takeLine(rest.slice(0, match.index));
        rest = rest.slice(match.index + match[0].length);
      }
    },
  };
}

/** Iterate over the events of a response body; a multi-byte character may be split between chunks. */
export async function* readEvents(body) {
  const decoder = new TextDecoder();
  const complete = [];
  const parser = createEventParser((event) => complete.push(event));
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      yield* complete.splice(0);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
