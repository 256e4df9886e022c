import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitPictures, withPictures } from '../../static/js/pictures/mentions.js';
import { nameOf, pathFor } from '../../static/js/pictures/names.js';
import { withPicture } from '../../static/js/pointing/edits.js';
import { Source } from '../../static/js/pointing/source.js';

test('a picture is named after its file, in letters that every address takes', () => {
  const names = { 'Red Beans.JPG': 'red-beans', 'Größe_2 (1).png': 'grosse-2-1', 'café.v2.webp': 'cafe-v2', '花.png': 'picture', 'con.png': 'con-picture', '.png': 'picture', [`${'x'.repeat(300)}.png`]: 'x'.repeat(60) };
  for (const [file, name] of Object.entries(names)) assert.equal(pathFor(file, new Set()), `images/${name}.webp`);
  assert.equal(nameOf('images/red-beans.webp'), 'red-beans');
});

test('a picture gets a name that none has', () => {
  assert.equal(pathFor('a.png', new Set(['images/a.webp', 'images/a-2.webp'])), 'images/a-3.webp');
});

test('a message names its pictures in its last line, and gives them back', () => {
  for (const text of ['Use it', 'Two\n\nparagraphs', '']) {
    const paths = ['images/a.webp', 'images/my logo.webp'];
    assert.deepEqual(splitPictures(withPictures(text, paths)), { text, paths });
    assert.deepEqual(splitPictures(text), { text, paths: [] });
  }
  assert.equal(withPictures('Use it', ['images/a.webp']), 'Use it\n\nPictures: images/a.webp');
  assert.equal(splitPictures('Pictures: three of each').text, 'Pictures: three of each');
});

test('an image shows another picture, whatever was to choose from', () => {
  const swapped = (text, path, ...elements) => {
    const source = new Source({ version_id: 'v', path, text, elements });
    return withPicture(source, elements.length - 1, { path: 'images/my logo.webp', width: 800, height: 400 }).edit;
  };
  const image = '<img src="a.png" srcset="a.png 1x" alt="Ours" width="200" height="200">';
  const [start, end] = [3, 3 + image.length];
  const edit = swapped(`<p>${image}</p>`, 'index.html', [start, end, end, end]);
  assert.deepEqual(edit, { path: 'index.html', find: image, replace: '<img src="images/my%20logo.webp" alt="Ours" width="200" height="100">', start, end });
  const picture = '<picture><source srcset="b.avif"><img src="b.png"></picture>';
  const at = picture.indexOf('<img');
  const behind = picture.indexOf('</picture>');
  const inFolder = swapped(picture, 'shop/index.html', [0, 9, behind, picture.length], [at, behind, behind, behind]);
  assert.deepEqual([inFolder.find, inFolder.replace], [picture, '<img src="../images/my%20logo.webp">']);
});
