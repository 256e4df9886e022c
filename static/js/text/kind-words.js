const WORDS = { code: 'Page', design: 'Design', copy: 'Copy', seo: 'SEO', review: 'Review' };

/** What a kind of message is called for people; nothing for plain talk. */
export const kindWords = (kind) => WORDS[kind] ?? '';
