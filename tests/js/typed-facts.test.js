import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageText } from '../../static/js/text/page-text.js';
import { factsNotOn } from '../../static/js/text/typed-facts.js';

const MISSING = [
  ['Three plans at €12, 24,50 € and $1,299.00', '€12.00 and 24.50', ['$1,299.00']],
  ['Open 9am to 5:30 pm, on Sundays from 10:00', 'Mon to Sat 9:00–17:30', ['10:00']],
  ['Call +44 20 7946 0958 or write to Hi@Luna.example', 'Call 020 7946 0958', ['Hi@Luna.example']],
  ['We are at 12 Mill Lane', 'Find us at 12 Mill Road', ['12 Mill Lane']],
  ['Wir sind in der Hauptstraße 5, Telefon 030 1234567', 'Hauptstraße 5', ['030 1234567']],
  ['Our team: Anna Berger and Tom Weiss', 'Anna · Berger · Tom', ['Tom Weiss']],
  ['Add a button “Book a table”', 'Reserve a table', ['“Book a table”']],
  ['Change the price to €15 and the name to "Luna’s"', "Luna's €14", ['€15']],
];

for (const [question, page, missing] of MISSING) {
  test(`what a page lacks of: ${question}`, () => assert.deepEqual(factsNotOn(page, question), missing));
}

const GONE = ['Remove the €12 plan', 'Change €12 to €15', 'Replace "Book now" with “Reserve”', 'Use €15 instead of €12', 'Delete Anna Berger. Add €15'];

for (const question of GONE) {
  test(`what is to go is not looked for: ${question}`, () => assert.deepEqual(factsNotOn('Reserve: €15', question), []));
}

test('dates, years and counts are no phone numbers', () => {
  assert.deepEqual(factsNotOn('', 'We grew from 2019 - 2024, since 12.05.2018, with 3 plans and 12 photos'), []);
});

test('a fact is named once, and many facts are cut', () => {
  assert.deepEqual(factsNotOn('', '€5, €5'), ['€5']);
  assert.equal(factsNotOn('', Array.from({ length: 40 }, (_, at) => `€${at + 1}`).join(', ')).length, 12);
});

test('a page says what its text and its links, pictures and fields say, not its styles, scripts and comments', () => {
  const page = '<style>a { width: 13px }</style><script>const price = "€13"</script><!-- €13 --><h3>Anna</h3><p>Berger &euro;<b>15</b>.50</p><a href="tel:+4930123456">Call</a><img alt="12 Mill Lane">';
  assert.deepEqual(factsNotOn(pageText(page), 'Our team: Anna Berger, €15.50, not 7. Call 030 123456, 12 Mill Lane'), []);
  assert.deepEqual(factsNotOn(pageText(page), 'It costs €13'), ['€13']);
});
