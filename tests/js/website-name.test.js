import assert from 'node:assert/strict';
import { test } from 'node:test';
import { websiteName } from '../../static/js/text/website-name.js';

test('a website is named after what it is for', () => {
  assert.equal(websiteName('Create a landing page for my coffee shop'), 'Coffee shop');
  assert.equal(websiteName('A page for a bakery: fresh bread, opening hours'), 'Bakery');
  assert.equal(websiteName('please make me a simple website for our choir, with dates'), 'Choir');
  assert.equal(websiteName('Create a landing page for a bakery called Crumb & Co in Bergen, with a contact form.'), 'Crumb & Co');
  assert.equal(websiteName('A site for an inn named “The Old Mill”'), 'The Old Mill');
  assert.equal(websiteName('I’d like a one-page site about Norwegian stave churches.'), 'Norwegian stave churches');
});

test('what is asked in other words is a name itself, cut where it is long', () => {
  assert.equal(websiteName('Morrow Coffee'), 'Morrow Coffee');
  assert.equal(websiteName('  パン屋のページ\nwith hours'), 'パン屋のページ');
  assert.equal(websiteName('?'), '?');
  const long = websiteName(`Our ${'very '.repeat(40)}old inn`);
  assert.ok([...long].length <= 60 && long.endsWith(' very…'), long);
});
