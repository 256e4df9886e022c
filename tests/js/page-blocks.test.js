import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hunksIn, stableLength, plainText, splitBlocks } from '../../static/js/text/page-blocks.js';

const PAGE = '<!doctype html>\n<title>Café</title>\n';

test('a whole document in an html fence is a page, the words around it are not', () => {
  const blocks = splitBlocks(`Here it is:\n\n\`\`\`html\n${PAGE}\`\`\`\n\nEnjoy.`);
  assert.deepEqual(blocks.map((block) => block.kind), ['markdown', 'page', 'markdown']);
  assert.equal(blocks[1].html, PAGE);
  assert.equal(blocks[1].closed, true);
});

test('a page without its closing fence is still being written', () => {
  const [page] = splitBlocks(`\`\`\`html\n${PAGE}`);
  assert.deepEqual([page.kind, page.closed], ['page', false]);
});

test('the first characters of a page are recognised at once', () => {
  for (const head of ['', '<', '<!doc', '<html', '<!-- hi -->\n<!DOCTYPE html>']) {
    assert.equal(splitBlocks(`\`\`\`html\n${head}`)[0].kind, 'page', head);
  }
});

test('edits and the mark behind those that did not fit are blocks of their own', () => {
  const hunk = '<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n';
  const text = `\`\`\`edit index.html\n${hunk}\`\`\`\n\n\`\`\`again\nNo.\n\`\`\`\n\n\`\`\`html\n${hunk}\`\`\`\n`;
  assert.deepEqual(splitBlocks(text).map(({ kind, code, closed }) => [kind, code, closed]), [['edits', hunk, true], ['mark', 'No.\n', true], ['edits', hunk, true]]);
  assert.equal(splitBlocks('```edit index.html\n<<<<')[0].closed, false);
  assert.deepEqual(hunksIn(`${hunk}${hunk.replace('b\n', '')}`), [{ find: 'a\n', replace: 'b\n' }, { find: 'a\n', replace: '' }]);
  assert.equal(plainText(text), 'Changes to the page. Changes to the page.');
});

test('a snippet of html is code, not a page', () => {
  assert.equal(splitBlocks('```html\n<button class="primary">Go</button>\n```')[0].kind, 'markdown');
  assert.equal(splitBlocks('```js\n<!doctype html>\n```')[0].kind, 'markdown');
});

test('a paragraph is settled by the blank line after it, a code block by its closing fence', () => {
  assert.equal(stableLength('One\nmore'), 0);
  assert.equal(stableLength('One\n\nTw'), 5);
  assert.equal(stableLength('```js\nx\n'), 0);
  assert.equal(stableLength('```js\nx\n```\n'), 12);
  assert.equal(stableLength('# Title\n'), 8);
});

test('only the last block can still change', () => {
  const text = '# Title\n\nOne\n\n- a\n- b\n\n';
  assert.equal(text.slice(stableLength(text)), '- a\n- b\n\n');
  assert.equal(stableLength('half a line'), 0);
});

test('a list that goes on after a blank line is not cut in two', () => {
  const text = '1. one\n\n2';
  assert.equal(stableLength(text), 0);
});

test('settling piece by piece gives the blocks of the whole', () => {
  const text = `Intro *a*\n\n1. one\n\n2. two\n\n   more\n\n\`\`\`html\n${PAGE}\`\`\`\n\n> quote\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nEnd`;
  const pieces = [];
  let settled = 0;
  for (let end = 1; end <= text.length; end += 1) {
    const tail = text.slice(settled, end);
    const length = stableLength(tail);
    for (const block of splitBlocks(tail)) if (block.start < length) pieces.push(block.kind + block.source.trim());
    settled += length;
  }
  for (const block of splitBlocks(text.slice(settled))) pieces.push(block.kind + block.source.trim());
  assert.deepEqual(pieces, splitBlocks(text).map((block) => block.kind + block.source.trim()));
});

test('a page is spoken as a page', () => {
  assert.equal(plainText(`**Done**\n\n\`\`\`html\n${PAGE}\`\`\``), 'Done A page.');
});

test('reading blocks and hunks costs as much as the text is long', () => {
  // Often enough to be measured: a processor's time is counted in pieces of some milliseconds.
  const cost = (run, times) => {
    const { user } = process.cpuUsage();
    for (let time = 0; time < times; time += 1) run();
    return (process.cpuUsage().user - user) / times;
  };
  for (const [run, line] of [[splitBlocks, '\n'], [splitBlocks, ' \n'], [hunksIn, '<<<<<<< SEARCH\n'], [hunksIn, '<<<<<<< SEARCH\n=======\n']]) {
    const [small, large] = [12_500, 100_000].map((size) => `\`\`\`html\n${line.repeat(size / line.length)}\`\`\``);
    // They take turns: what else the machine does hits both.
    const costs = Array.from({ length: 5 }, () => [cost(() => run(small), 48), cost(() => run(large), 6)]);
    const [least, most] = [0, 1].map((which) => Math.min(...costs.map((pair) => pair[which])));
    // Eight times the text: 64 times as much at quadratic cost (tests/growth.py).
    assert.ok(most / Math.max(least, 100) < 24, JSON.stringify(line));
  }
});
