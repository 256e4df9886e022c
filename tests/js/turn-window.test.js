import assert from 'node:assert/strict';
import test from 'node:test';

import { MOST_TURNS, TurnWindow } from '../../static/js/builder/turn-window.js';

const turns = (first, last) => Array.from({ length: last - first + 1 }, (_, n) => ({ key: `turn ${first + n}` }));
const ends = (shown) => [shown[0].key, shown.at(-1).key];

test('a short conversation is in the page as a whole', () => {
  const view = new TurnWindow();
  assert.equal(view.of(turns(1, 40)).length, 40);
  assert.equal(view.hasEarlier(turns(1, 40)), false);
});

test('of a long one the newest turns are', () => {
  const view = new TurnWindow();
  assert.deepEqual(ends(view.of(turns(1, 500))), ['turn 381', 'turn 500']);
  assert.equal(view.hasEarlier(turns(1, 500)), true);
});

test('moving up and down keeps half of them, and ends where the conversation does', () => {
  const view = new TurnWindow();
  const all = turns(1, 200);
  view.up(all);
  assert.deepEqual(ends(view.of(all)), ['turn 21', 'turn 140']);
  view.up(all);
  assert.deepEqual(ends(view.of(all)), ['turn 1', 'turn 120']);
  assert.equal(view.hasEarlier(all), false);
  view.down(all);
  assert.deepEqual(ends(view.of(all)), ['turn 61', 'turn 180']);
  assert.equal(view.isAtEnd, false);
  view.down(all);
  assert.equal(view.isAtEnd, true);
});

test('it stays where it is when turns are added at either end', () => {
  const view = new TurnWindow();
  view.up(turns(100, 300));
  assert.deepEqual(ends(view.of(turns(1, 310))), ['turn 121', 'turn 240']);
});

test('a turn that is looked for is in the page, wherever it is', () => {
  const all = turns(1, 1000);
  for (const index of [0, 5, 499, 998, 999]) {
    const view = new TurnWindow();
    view.around(all, index);
    assert.ok(view.of(all).includes(all[index]));
    assert.equal(view.of(all).length, MOST_TURNS);
  }
});

test('when its last turn is no longer shown, it is at the end again', () => {
  const view = new TurnWindow();
  view.up(turns(1, 300));
  assert.deepEqual(ends(view.of(turns(1, 150))), ['turn 31', 'turn 150']);
});
