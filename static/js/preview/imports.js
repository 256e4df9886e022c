// Styles that import others: in the sandbox of a preview no address leads anywhere, so what is imported is put in their place.

/** So deep do imports lead, and so many characters do they bring into a style; what is more is left out. */
const DEEPEST = 10;
const MOST = 1_000_000;
const LONGEST_IMPORT = 2_000;
const STRING = String.raw`"(?:[^"\\\n]|\\[\s\S])*["\n]?|'(?:[^'\\\n]|\\[\s\S])*['\n]?`;
const OPAQUE = String.raw`/\*[\s\S]*?(?:\*/|$)|${STRING}|url\(\s*(?=[^"'\s])(?:[^)\\]|\\[\s\S])*\)?|\\[\s\S]`;
const TOKEN = new RegExp(String.raw`${OPAQUE}|\s+|[^"'\\/{};\su]+|[\s\S]`, 'iy');
const BRACKET = new RegExp(String.raw`${OPAQUE}|[{}()[\]]`, 'gi');
const CLOSING = { '{': '}', '(': ')', '[': ']' };
// What may stand before or between imports.
const STATEMENT = /^@(?:import|charset|layer)$/i;
const NOTHING = /^(?:\s|\/\*|<!--$|-->$)/;
const IMPORT = new RegExp(String.raw`^@import\s*(?:url\(\s*(${STRING}|[^"'()\s]*)\s*\)|(${STRING}))([\s\S]*?);?$`, 'i');
const LAYER = /^\s*layer(?:\(([^()]*)\)|\b)/i;
const SUPPORTS = /^\s*supports(\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))/i;

/**
 * A style of a path with those that it imports in it, in time that grows with its length. `read` gets the address of one and the path of
 * what imports it; it returns {path, text}, or null where there is none. `finish` gets each text without its imports, and its path.
 */
export function withImports(style, stylePath, read, finish) {
  let left = MOST;
  const flat = (css, path, around) => {
    let at = 0;
    let before = '';
    for (;;) {
      const end = statementEnd(css, at);
      if (end === at) return before + finish(css.slice(at), path);
      const statement = css.slice(at, end);
      before += imported(statement, path, around) ?? statement;
      at = end;
    }
  };
  const imported = (statement, path, around) => {
    const { address, conditions } = importIn(statement);
    const file = address ? read(address, path) : null;
    if (!file) return null;
    left -= file.text.length + 1;
    if (left < 0 || around.length > DEEPEST || around.includes(file.path)) return '';
    return under(conditions, flat(file.text, file.path, [...around, file.path]));
  };
  return flat(style, stylePath, [stylePath]);
}

/** Where the import or other statement at a place ends, with what is before it that says nothing; the place itself where a rule begins. */
function statementEnd(css, at) {
  let hasBegun = false;
  for (let to = at; to < css.length; ) {
    const token = tokenAt(css, to);
    to += token.length;
    if (!hasBegun && NOTHING.test(token)) continue;
    if (!hasBegun && !STATEMENT.test(token.match(/^@[a-z]*/i)?.[0] ?? '')) return at;
    hasBegun = true;
    if (token === ';') return to;
    if (token === '{' || token === '}') return at;
  }
  return hasBegun ? css.length : at;
}

function tokenAt(css, at) {
  TOKEN.lastIndex = at;
  return TOKEN.exec(css)[0];
}

function importIn(statement) {
  if (statement.length > LONGEST_IMPORT) return {};
  const pieces = [];
  for (let at = 0; at < statement.length; at += pieces.at(-1).length) pieces.push(tokenAt(statement, at));
  const found = IMPORT.exec(pieces.map((piece) => (piece.startsWith('/*') ? ' ' : piece)).join('').trim());
  return found ? { address: (found[1] ?? found[2]).replace(/^(["'])([\s\S]*?)\1?$/, '$2'), conditions: found[3] } : {};
}

/** A style within the conditions of its import: [layer] [supports(…)] [media]. */
function under(conditions, css) {
  const around = [];
  let rest = conditions;
  const take = (pattern, name) => {
    const found = pattern.exec(rest);
    if (!found) return;
    around.push(`@${name} ${found[1] ?? ''}{`);
    rest = rest.slice(found[0].length);
  };
  take(LAYER, 'layer');
  take(SUPPORTS, 'supports');
  if (rest.trim()) around.push(`@media ${balanced(rest.trim())}{`);
  return `${around.join('')}${balanced(css)}${'}'.repeat(around.length)}\n`;
}

/** CSS in which all that is opened is closed, and nothing else: it neither ends what is around it, nor takes in what comes after it. */
function balanced(css) {
  const open = [];
  const text = css.replace(BRACKET, (token) => {
    if (token.startsWith('/*') && !/^\/\*[\s\S]*\*\/$/.test(token)) return `${token}*/`;
    if (token in CLOSING) open.push(CLOSING[token]);
    else if (token === open.at(-1)) open.pop();
    else if (token === '}' && !open.length) return '';
    return token;
  });
  return open.length ? `${text}\n\n${open.reverse().join('')}` : text;
}
