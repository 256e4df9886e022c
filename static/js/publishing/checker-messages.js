import { plainText } from '../builder/preview-messages.js';

// What the frame that checks pages says may be forged: numbers of elements, numbers and capped texts are taken, and nothing else.

const MOST_FINDINGS = 60;
const MOST_ELEMENTS = 20;
const LONGEST = 200;
const FARTHEST = 100_000;
const RULE = /^[a-z][a-z0-9-]{1,60}$/;
const SEVERITIES = { critical: 'error', serious: 'error', moderate: 'warning', minor: 'warning' };

/** Read what is said of the page of a number, which has so many elements: {findings, beyond, widest}, {failed: text}, or null when it is none. */
export function readMessage(data, number, size) {
  if (typeof data !== 'object' || data === null) return null;
  if (data.failed === number) return { failed: plainText(data.text, LONGEST) };
  if (data.checked !== number) return null;
  const findings = Array.isArray(data.findings) ? data.findings.slice(0, MOST_FINDINGS).map((finding) => readFinding(finding, size)) : [];
  return { findings: findings.filter(Boolean), beyond: Number.isFinite(data.beyond) ? Math.min(Math.max(Math.round(data.beyond), 0), FARTHEST) : 0, widest: elementsIn(data.widest, size) };
}

function readFinding(data, size) {
  if (typeof data !== 'object' || data === null || !RULE.test(data.rule) || !Object.hasOwn(SEVERITIES, data.impact)) return null;
  return { rule: data.rule, severity: SEVERITIES[data.impact], problem: plainText(data.help, LONGEST), elements: elementsIn(data.elements, size) };
}

function elementsIn(list, size) {
  if (!Array.isArray(list)) return [];
  const numbers = list.slice(0, MOST_ELEMENTS).filter((number) => Number.isInteger(number) && number >= 0 && number < size);
  return [...new Set(numbers)];
}
