import { nameOf } from '../builder/site-pages.js';
import { INDEX } from '../preview/destinations.js';

/** What is asked of the builder to have a finding put right. It is about the element, where one alone has the problem. */
export function questionFor({ problem, remedy, path, places }) {
  const where = path === INDEX || places.length === 1 ? '' : `On ${path}: `;
  const wish = remedy ? ` Please ${remedy}.` : ' Please put that right.';
  return `${where}${problem}.${wish}`.replace(/[`]/g, '');
}

/** The target of that question, null for the whole website. */
export function targetOf({ path, places }, versionId) {
  return places.length === 1 ? { version_id: versionId, path, ...places[0] } : null;
}

/** The findings by page: [{path, name, findings}], errors first, in the order of the pages. */
export function byPage(findings, pages) {
  const paths = [...new Set([...pages.map(({ path }) => path), ...findings.map(({ path }) => path)])];
  return paths
    .map((path) => ({ path, name: nameOf(path, pages.find((page) => page.path === path)?.title), findings: errorsFirst(findings.filter((finding) => finding.path === path)) }))
    .filter(({ findings: found }) => found.length);
}

const errorsFirst = (findings) => [...findings.filter(isError), ...findings.filter((finding) => !isError(finding))];

export const isError = ({ severity }) => severity === 'error';

/** "2 things to put right and 1 to look at" */
export function summaryOf(findings) {
  const errors = findings.filter(isError).length;
  const warnings = findings.length - errors;
  const things = (count) => `${count} ${count === 1 ? 'thing' : 'things'}`;
  if (!findings.length) return 'Nothing to put right';
  if (!warnings) return `${things(errors)} to put right`;
  return errors ? `${things(errors)} to put right, and ${warnings} to look at` : `${things(warnings)} to look at`;
}

/** What the checks in the browser found of a page, in the shape of those of the server. `source` is a Source of pointing. */
export function findingsOf({ findings, beyond, widest }, source) {
  const places = (elements) => elements.map((number) => source.target(number)).map(({ start, end }) => ({ start, end }));
  const found = findings.map(({ rule, severity, problem, elements }) => ({ rule, severity, path: source.path, problem, remedy: '', places: places(elements) }));
  if (!beyond) return found;
  const problem = `On a phone the page scrolls sideways by ${beyond} pixels`;
  return [...found, { rule: 'sideways', severity: 'error', path: source.path, problem, remedy: 'have everything fit into a width of 360 pixels', places: places(widest) }];
}

/** What went wrong in a page's scripts. */
export function scriptFindings({ problems, hasAnswered }, path) {
  const finding = (problem, remedy) => ({ rule: 'scripts', severity: 'warning', path, problem, remedy, places: [] });
  const found = problems.map((text) => finding(`A script of the page failed: ${text}`, 'repair the script'));
  return hasAnswered ? found : [...found, finding('The page does not respond with its scripts', 'repair the script')];
}
