const LONGEST = 60;
// "Please create me a landing page for my coffee shop": what comes before the words that matter.
const BEFORE = /^(?:(?:please|hi|hello|hey)[,!.]?\s+)?(?:(?:can|could|would) you\s+)?(?:(?:please|i(?:’|')?d like|i(?: would)? (?:like|want|need)|we (?:want|need)|(?:create|make|build|design|write)(?: me| us)?)\s+)?(?:(?:an?|the|my|our)\s+)?(?:(?:new|simple|nice|beautiful|modern|one-page|small)\s+)*(?:landing ?page|home ?page|web ?site|web ?page|page|site)\s+(?:for|about|of)\s+(?:(?:an?|the|my|our)\s+)?/i;

// "a bakery called Crumb & Co in Bergen": the name itself.
const CALLED = /\b(?:called|named)\s+["“”'‘’]?(\p{Lu}.*?)["“”'‘’]?(?=$|\s(?:in|at|on|from|for|with|near|that|which|who|where)\s)/u;

/** A name for a website that is made of what somebody asked for; never empty. */
export function websiteName(question) {
  const line = question.trim().split('\n')[0].trim();
  const sentence = line.replace(BEFORE, '').split(/[.:;,!?](?:\s|$)/)[0].replace(/\s+/g, ' ').trim() || line;
  const words = CALLED.exec(sentence)?.[1] ?? sentence;
  const characters = [...words];
  const short = characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join('').replace(/\s+\S*$/, '')}…` : words;
  return short ? short.charAt(0).toUpperCase() + short.slice(1) : 'New website';
}
