const NUMBER = /(?<![\d.,])(?:\d[\d.,]{0,14}\d|\d)/gu;
const MONEY = /(?:[€$£¥]|\b(?:CHF|EUR|USD) ?) ?(\d[\d.,]{0,14}\d|\d)|(?<![\d.,])(\d[\d.,]{0,14}\d|\d) ?(?:[€$£¥]|(?:CHF|EUR|USD|euros?|dollars?|pounds?)\b)/giu;
const EMAIL = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/gu;
const HOUR = /\b(\d{1,2})(?:[:.h](\d\d)\b(?!\.\d))?(?: ?([ap])\.?m\b| ?Uhr\b)?/giu;
const PHONE = /(?<![\d.,])\+?\d[\d ()./-]{5,22}\d(?![\d.,]?\d)/gu;
const DATE = /^(?:\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}-\d\d-\d\d|\d{4} ?- ?\d{4})$/u;
const WORDS = "[A-ZÀ-Þ][\\p{L}’'-]{1,30}";
const STREET = new RegExp(
  `\\b\\d{1,5}[a-z]?(?: ${WORDS}){1,3} (?:Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Square|Drive|Way|Row|Quay|Place|Court)\\b` +
  '|\\b[A-ZÄÖÜ]\\p{L}{1,30}(?:straße|strasse|str\\.|weg|platz|gasse|allee) ?\\d{1,5}[a-z]?\\b' +
  "|\\b\\d{1,5},? (?:rue|avenue|boulevard|place|quai)(?: [\\p{L}’'-]{1,30}){1,4}", 'gu');
const QUOTED = /"([^"\n]{2,80})"|“([^”\n]{2,80})”|„([^“”\n]{2,80})[“”]|« ?([^»\n]{2,80}?) ?»/gu;
// At the beginning of a sentence a capital says nothing.
const NAME = new RegExp(`(?<=[\\p{Ll}\\d,:;] )${WORDS}(?: ${WORDS}){1,3}`, 'gu');

// What is to go: after "remove" up to "and add", after "change" up to "to".
const GOES = /\b(?:remove|delete|drop|without|instead of|rather than|no longer|not|replace|change|rename|lösche|entferne|ersetze|statt|ohne|supprime|remplace|sans|elimina|reemplaza|sin|rimuovi|sostituisci|senza)\b/giu;
const COMES = /\b(?:to|with|by|into|add|but|durch|par|por|con)\b|[.;!?](?=\s)|\n/giu;

const MOST_CHARACTERS = 5_000;
const MOST_FACTS = 12;

// The first kind that finds a place in the question has it. `isOn` says whether a page has what was found.
const KINDS = [
  { pattern: QUOTED, isOn: (match, page) => page.has(match.slice(1).find(Boolean)) },
  { pattern: MONEY, isOn: (match, page) => page.amounts.has(amount(match[1] ?? match[2])) },
  { pattern: EMAIL, isOn: (match, page) => page.has(match[0]) },
  { pattern: STREET, isOn: (match, page) => page.has(match[0]) },
  { pattern: HOUR, isFact: ([, , minutes, half]) => minutes || half, isOn: (match, page) => page.minutes.has(minuteOfDay(match)) },
  { pattern: PHONE, isFact: ([text]) => digits(text).length >= 7 && !DATE.test(text), isOn: (match, page) => page.digits.includes(digits(match[0]).slice(-7)) },
  { pattern: NAME, isOn: (match, page) => match[0].split(' ').every((word) => page.has(word)) },
];

/** The prices, hours, phone numbers, addresses, names and quoted words of a question that a page's text lacks, as they were typed. */
export function factsNotOn(pageText, question) {
  const text = question.slice(0, MOST_CHARACTERS);
  let page;
  const gone = goneSpans(text);
  const taken = [...gone];
  const missing = [];
  for (const { pattern, isFact = () => true, isOn } of KINDS) {
    for (const match of text.matchAll(pattern)) {
      const span = { start: match.index, end: match.index + match[0].length };
      if (!isFact(match) || taken.some(({ start, end }) => span.start < end && span.end > start)) continue;
      taken.push(span);
      page ??= new PageText(pageText);
      if (!isOn(match, page)) missing.push({ at: span.start, text: match[0].trim() });
    }
  }
  missing.sort((a, b) => a.at - b.at);
  return [...new Set(missing.map(({ text: fact }) => fact))].slice(0, MOST_FACTS);
}

/** What a page says, in the forms in which a price, an hour or a phone number is compared: "€12.50" is "12,50", "5 pm" is "17:00". */
class PageText {
  constructor(text) {
    this.text = normal(text);
    this.digits = digits(text.replace(/[^\d ()./+-]+/gu, ' '));
  }

  get amounts() {
    this.amountsFound ??= new Set([...this.text.matchAll(NUMBER)].map(([number]) => amount(number)));
    return this.amountsFound;
  }

  get minutes() {
    this.minutesFound ??= new Set([...this.text.matchAll(HOUR)].map(minuteOfDay));
    return this.minutesFound;
  }

  has(words) {
    return this.text.includes(normal(words));
  }
}

function goneSpans(text) {
  return [...text.matchAll(GOES)].map(({ index }) => {
    COMES.lastIndex = index;
    return { start: index, end: COMES.exec(text)?.index ?? text.length };
  });
}

function amount(number) {
  const cents = /^(.*)[.,](\d\d?)$/u.exec(number);
  return Number(cents ? `${digits(cents[1])}.${cents[2]}` : digits(number));
}

function minuteOfDay([, hours, minutes, half]) {
  const isNoon = /^12$/u.test(hours);
  const hour = half ? (isNoon ? 0 : Number(hours)) + (half.toLowerCase() === 'p' ? 12 : 0) : Number(hours);
  return hour * 60 + Number(minutes ?? 0);
}

function digits(text) {
  return text.replace(/\D+/gu, '');
}

function normal(text) {
  return text.toLowerCase().replace(/[‘’]/gu, "'").replace(/[“”„]/gu, '"').replace(/[\s ]+/gu, ' ').trim();
}
