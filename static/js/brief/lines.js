/** What two devices wrote since both had `base`: all lines of `mine`, then those that `theirs` has besides. No word is lost. */
export function merged(base, mine, theirs) {
  const known = new Set([...base.split('\n'), ...mine.split('\n')].map((line) => line.trim()));
  const added = theirs.split('\n').filter((line) => !known.has(line.trim()));
  if (!mine.trim() || mine.trim() === base.trim()) return theirs;
  return added.reduce(withLine, mine);
}

/** A text with a line at its end. */
export function withLine(text, line) {
  return text.trim() ? `${text.trimEnd()}\n${line}` : line;
}

/** Whether a text has a line, but for capitals, a bullet and a full stop. */
export function hasLine(text, line) {
  return text.split('\n').some((one) => bare(one) === bare(line));
}

export function withoutLine(text, line) {
  return text.split('\n').filter((one) => bare(one) !== bare(line)).join('\n');
}

/** The facts that lines like "Remember: closed on Mondays" propose. */
export function factsIn(text) {
  return text.split('\n').map((line) => /^\s*Remember:\s*(\S.*?)\s*$/i.exec(line)?.[1]).filter(Boolean);
}

function bare(line) {
  return line.trim().replace(/^[-*•]\s+/, '').replace(/\.$/, '').toLowerCase();
}
