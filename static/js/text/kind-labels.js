const LABELS = { code: 'Page', design: 'Design', copy: 'Copy', seo: 'SEO', review: 'Review' };

/** The label of a kind of message; empty for plain chat. */
export const kindLabel = (kind) => LABELS[kind] ?? '';
