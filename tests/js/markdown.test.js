import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderMarkdown } from '../../static/js/text/markdown.js';

for (const attack of [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  'a <iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '**<b onclick=alert(1)>x</b>**',
]) {
  test(`raw HTML stays text: ${attack}`, () => {
    assert.doesNotMatch(renderMarkdown(attack), /<(script|img|svg|iframe|b)\b/i);
  });
}

for (const target of ['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'java&#x73;cript:alert(1)', 'vbscript:x', 'data:text/html,<script>alert(1)</script>', 'file:///etc/passwd']) {
  test(`no link leads to ${target}`, () => {
    assert.doesNotMatch(renderMarkdown(`[x](${target})`), /<a\b/);
    assert.doesNotMatch(renderMarkdown(`[x]: ${target}\n\n[x]`), /<a\b/);
    assert.doesNotMatch(renderMarkdown(`<${target}>`), /href="(?!http)/);
  });
}

test('a quote in an address cannot leave its attribute', () => {
  assert.doesNotMatch(renderMarkdown('[x](http://a/"onmouseover=alert(1))'), /"onmouseover/);
});

test('a picture is named, not fetched', () => {
  assert.doesNotMatch(renderMarkdown('![a" onerror="x](http://evil/x.png)'), /<img|src=/);
});

test('headings of any level stand on one, below the title of the chat', () => {
  assert.equal(renderMarkdown('# A\n\n#### B'), '<h3 class="heading-1">A</h3>\n<h3 class="heading-4">B</h3>\n');
});

test('a language name cannot leave its attribute', () => {
  assert.doesNotMatch(renderMarkdown('```"><script>alert(1)</script>\nx\n```'), /<script/);
});

test('links open elsewhere without a way back', () => {
  assert.match(renderMarkdown('https://example.com'), /rel="noopener noreferrer nofollow"/);
});
