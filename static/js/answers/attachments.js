/** The tool calls of a message, whatever is stored there: [{ name, result }], texts both, result '' when there is none. */
export function toolCalls(stored) {
  return objects(stored).map((call) => ({
    name: (text(call.name) || text(call.function?.name) || 'tool').replaceAll('_', ' '),
    result: typeof call.result === 'string' ? call.result : call.result ? JSON.stringify(call.result, null, 2) : '',
  }));
}

/** The sources of a message, whatever is stored there: [{ title, url }], texts both, url '' unless it is a web address. */
export function sources(stored) {
  return objects(stored).map((source) => {
    const url = text(source.url);
    return { title: text(source.title) || url || 'Source', url: /^https?:\/\//i.test(url) ? url : '' };
  });
}

function objects(stored) {
  return Array.isArray(stored) ? stored.filter((entry) => entry !== null && typeof entry === 'object') : [];
}

function text(value) {
  return typeof value === 'string' ? value : '';
}
