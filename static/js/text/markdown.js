import MarkdownIt from 'markdown-it';

// Raw HTML stays text, and markdown-it allows no javascript: links and no data: links except images.
export const markdown = new MarkdownIt({ html: false, linkify: true, typographer: false });

const plainLink = markdown.renderer.rules.link_open ?? ((tokens, i, options, _env, self) => self.renderToken(tokens, i, options));
markdown.renderer.rules.link_open = (tokens, i, options, env, self) => {
  tokens[i].attrSet('target', '_blank');
  tokens[i].attrSet('rel', 'noopener noreferrer nofollow');
  return plainLink(tokens, i, options, env, self);
};
// A page has one outline: whatever level an answer begins with, its headings stand below the chat's title.
markdown.core.ruler.push('headings', ({ tokens }) => {
  for (const token of tokens) {
    if (!token.type.startsWith('heading_')) continue;
    if (token.nesting === 1) token.attrSet('class', `heading-${token.tag.slice(1)}`);
    token.tag = 'h3';
  }
});
// An image from another server would tell that server who reads the chat. The content security policy blocks it, so show its text.
markdown.renderer.rules.image = (tokens, i) => markdown.utils.escapeHtml(`[picture: ${tokens[i].content || 'untitled'}]`);

/** Render Markdown to HTML, which must still be sanitised. */
export function renderMarkdown(source) {
  return markdown.render(source);
}
