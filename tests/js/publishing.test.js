import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coloursOf, readableOn } from '../../static/js/publishing/card-colours.js';
import { readMessage } from '../../static/js/publishing/checker-messages.js';
import { byPage, findingsOf, questionFor, scriptFindings, summaryOf, targetOf } from '../../static/js/publishing/finding-words.js';
import { addressFrom, headEdits, headOf } from '../../static/js/publishing/head-edits.js';
import { stateOf } from '../../static/js/publishing/publication.js';
import { problemWithSlug, slugFor } from '../../static/js/publishing/slugs.js';

const PAGE = '<!doctype html>\n<html lang="en"><head>\n<title>Luna &amp; Sol</title>\n<meta content=\'Old "one"\' name=description>\n</head>\n<body>🌙<svg><title>Moon</title></svg></body></html>';

const applied = (text, edits) => {
  const letters = [...text];
  for (const { find, replace, start, end } of edits.toSorted((a, b) => b.start - a.start)) {
    assert.equal(letters.slice(start, end).join(''), find);
    letters.splice(start, end - start, ...replace);
  }
  return letters.join('');
};

test('of what the checks’ frame says, only numbers and capped plain text are believed', () => {
  const finding = { rule: 'color-contrast', impact: 'serious', help: `a\u202e${'x'.repeat(9_000)}`, elements: [1, 1, -1, 7, 2.5, '0', {}] };
  const told = readMessage({ checked: 3, findings: [finding, { ...finding, rule: '<b>' }, { ...finding, impact: '__proto__' }, null, 'x'], beyond: 1e300, widest: [0, 99] }, 3, 5);
  assert.equal(told.findings.length, 1);
  assert.deepEqual(told.findings[0].elements, [1]);
  assert.equal(told.findings[0].severity, 'error');
  assert.ok(told.findings[0].problem.length <= 201 && !told.findings[0].problem.includes('\u202e'));
  assert.deepEqual([told.beyond, told.widest], [100_000, [0]]);
  assert.deepEqual(readMessage({ failed: 3, text: { a: 1 } }, 3, 5), { failed: '' });
  assert.deepEqual(readMessage({ checked: 3, findings: 'x', beyond: 'x' }, 3, 5), { findings: [], beyond: 0, widest: [] });
  for (const data of [null, 'x', 7, [], { checked: 2, findings: [] }, { checked: '3' }, { failed: 4 }]) assert.equal(readMessage(data, 3, 5), null);
});

test('findings are told by page, errors first, and asked about with what they are about', () => {
  const source = { path: 'about.html', target: (number) => ({ version_id: 'v', path: 'about.html', start: number * 10, end: number * 10 + 5 }) };
  const found = [
    ...scriptFindings({ problems: ['x is not defined'], hasAnswered: true }, 'about.html'),
    ...findingsOf({ findings: [{ rule: 'list', severity: 'warning', problem: 'Lists', elements: [1, 2] }], beyond: 12, widest: [3] }, source),
  ];
  assert.equal(summaryOf(found), '1 thing to put right, and 2 to look at');
  const [{ name, findings }] = byPage(found, [{ path: 'index.html', title: 'Luna' }, { path: 'about.html', title: 'About – Luna' }]);
  assert.equal(name, 'About');
  assert.deepEqual(findings.map(({ rule }) => rule), ['sideways', 'scripts', 'list']);
  assert.deepEqual(targetOf(findings[0], 'v'), { version_id: 'v', path: 'about.html', start: 30, end: 35 });
  assert.equal(questionFor(findings[0]), 'On a phone the page scrolls sideways by 12 pixels. Please have everything fit into a width of 360 pixels.');
  assert.equal(targetOf(findings[2], 'v'), null);
  assert.equal(questionFor(findings[2]), 'On about.html: Lists. Please put that right.');
  assert.equal(scriptFindings({ problems: [], hasAnswered: false }, 'index.html').length, 1);
});

test('a website is offline, current or behind its newest version', () => {
  assert.deepEqual([stateOf(null, 'b'), stateOf({ version_id: 'b' }, 'b'), stateOf({ version_id: 'a' }, 'b')], ['offline', 'current', 'behind']);
});

test('slugs are made of names, and what is wrong with one is said', () => {
  assert.deepEqual(['Luna Bakery', 'Bäckerei & Café Ørsted', '日本', '  -- '].map(slugFor), ['luna-bakery', 'baeckerei-and-cafe-orsted', 'my-website', 'my-website']);
  for (const slug of ['ab', 'Luna', '-luna', 'luna-', 'lu na', 'xn--luna', 'lüna', 'x'.repeat(64)]) assert.notEqual(problemWithSlug(slug), '', slug);
  for (const slug of ['luna', '7-11', 'x'.repeat(63)]) assert.equal(problemWithSlug(slug), '', slug);
});

test('a page’s head is read and changed where it is', () => {
  assert.deepEqual(headOf(PAGE), { title: 'Luna & Sol', description: 'Old "one"', icon: '' });
  const wanted = { title: 'Sol <3', description: 'New & "good" $&', icon: 'images/icon.webp' };
  const made = applied(PAGE, headEdits('index.html', PAGE, wanted));
  assert.deepEqual(headOf(made), wanted);
  assert.ok(made.includes('<svg><title>Moon</title></svg>') && made.includes('lang="en"'));
  assert.deepEqual(headEdits('index.html', PAGE, {}), []);
  assert.deepEqual(headEdits('index.html', made, wanted), []);
});

test('what a head lacks is put into it, whatever page it is', () => {
  const wanted = { title: 'T', description: 'D', icon: 'i.webp' };
  for (const page of ['<html>\n<body><title>x</title>', '<!DOCTYPE html><body>', '🌙 <p>Text</p>', '<head></head>', '<svg><title>x</title></svg>']) {
    const made = applied(page, headEdits('index.html', page, wanted));
    assert.deepEqual(headOf(made), wanted, page);
  }
  assert.equal(addressFrom('team/us.html', 'images/icon 1.webp'), '../images/icon%201.webp');
});

test('a card has the page’s colours, and words that can be read', () => {
  assert.deepEqual(coloursOf('<style>:root { --paper: #FDF6EA; --ink: #33210f; --accent: #b4521e } .dark { --paper: #000 }</style>'), { paper: '#fdf6ea', ink: '#33210f', accent: '#b4521e' });
  assert.equal(coloursOf('<meta name="theme-color" content="#123"><style>:root{--ink:#234}</style>').ink, '#ffffff');
  assert.equal(coloursOf('').ink, '#17211c');
  assert.deepEqual([readableOn('#000'), readableOn('#ffffff')], ['#ffffff', '#17211c']);
});
