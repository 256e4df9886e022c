import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEventParser, readEvents } from '../../static/js/net/sse.js';

function parse(...pieces) {
  const events = [];
  const parser = createEventParser((event) => events.push(event));
  for (const piece of pieces) parser.feed(piece);
  return events;
}

test('an event carries its name, id and data', () => {
  assert.deepEqual(parse('id: 5\nevent: delta\ndata: {"text":"a"}\n\n'), [{ type: 'delta', id: '5', data: '{"text":"a"}' }]);
});

test('an event may arrive one character at a time', () => {
  const source = ': hello\n\nid: 1\r\nevent: delta\r\ndata: x\r\n\r\ndata: y\n\n';
  assert.deepEqual(parse(...source), parse(source));
  assert.equal(parse(...source).length, 2);
});

test('a carriage return that ends a piece is not taken for a blank line', () => {
  assert.deepEqual(parse('data: x\r', '\ndata: y\r', '\n\r', '\n'), [{ type: 'message', id: null, data: 'x\ny' }]);
});

test('comments and an unfinished event are not reported', () => {
  assert.deepEqual(parse(': ping\n\n', 'data: half'), []);
});

test('only one leading space is dropped, several data lines are joined', () => {
  assert.equal(parse('data:  a\ndata:b\n\n')[0].data, ' a\nb');
});

test('UTF-8 split anywhere comes out whole', async () => {
  const bytes = new TextEncoder().encode('id: 3\nevent: delta\ndata: {"text":"é🙂漢"}\n\n');
  for (let size = 1; size <= 5; size += 1) {
    const body = new ReadableStream({
      start(controller) {
        for (let i = 0; i < bytes.length; i += size) controller.enqueue(bytes.slice(i, i + size));
        controller.close();
      },
    });
    const events = [];
    for await (const event of readEvents(body)) events.push(event);
    assert.equal(JSON.parse(events[0].data).text, 'é🙂漢');
  }
});
