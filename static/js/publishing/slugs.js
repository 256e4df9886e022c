const SLUG = /^(?!xn--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
const SPELLED_OUT = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', æ: 'ae', ø: 'o', å: 'a', ł: 'l', '&': ' and ' };
const LONGEST_SUGGESTION = 40;

/** A slug that looks like the name of a website: the one that the server makes, where the name has letters from a to z or digits. */
export function slugFor(name) {
  const letters = name.toLowerCase().replace(/[äöüßæøåł&]/gu, (letter) => SPELLED_OUT[letter]).normalize('NFKD');
  const words = letters.replace(/[^ -~]/gu, '').match(/[a-z0-9]+/gu) ?? [];
  const slug = words.join('-').slice(0, LONGEST_SUGGESTION).replace(/^-+|-+$/gu, '');
  return SLUG.test(slug) ? slug : 'my-website';
}

/** One that is very likely free. */
export const anotherLike = (slug) => `${slug.slice(0, 50)}-${Math.random().toString(36).slice(2, 6)}`;

/** What is wrong with a slug that is being typed, '' for nothing. */
export function problemWithSlug(slug) {
  if (slug.length < 3) return 'At least 3 characters.';
  if (slug.length > 63) return 'At most 63 characters.';
  if (/[^a-z0-9-]/u.test(slug)) return 'Only small letters a to z, digits and hyphens.';
  if (/^-|-$/u.test(slug)) return 'A hyphen can’t be the first or the last character.';
  return SLUG.test(slug) ? '' : 'It can’t begin with xn--.';
}
