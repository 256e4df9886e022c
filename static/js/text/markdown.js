import MarkdownIt from 'markdown-it';

// Raw HTML stays text, and links only get the schemes markdown-it lets through (no javascript:, no data: but images).
export const markdown = new MarkdownIt({ html: false, linkify: true, typographer: false });

const plainLink = markdown.renderer.rules.link_open ?? ((tokens, i, options, _env, self) => self.renderToken(tokens, i, options));
markdown.renderer.rules.link_open = (tokens, i, options, env, self) => {
  tokens[i].attrSet('target', '_blank');
  tokens[i].attrSet('rel', 'noopener noreferrer nofollow');
  return plainLink(tokens, i, options, env, self);
};
// A picture from a stranger's server would tell that server who reads: the policy blocks it, so show the words.
markdown.renderer.rules.image = (tokens, i) => markdown.utils.escapeHtml(`[picture: ${tokens[i].content || 'untitled'}]`);

/** HTML of a piece of markdown, still to be sanitised. */
export function renderMarkdown(source) {
  return markdown.render(source);
}
