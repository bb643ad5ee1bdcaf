/** Topic patterns of AMQP: words split by dots, `*` is one word, `#` is any number of words. */

/** Compares words without regard to case: PANIC's INI dialect keeps the case of a path. */
export function isTopicMatch(pattern: string, routingKey: string): boolean {
  return matches(pattern.toLowerCase().split('.'), routingKey.toLowerCase().split('.'));
}

function matches(pattern: readonly string[], words: readonly string[]): boolean {
  const [head, ...rest] = pattern;
  if (head === undefined) return words.length === 0;
  if (head === '#') {
    return matches(rest, words) || (words.length > 0 && matches(pattern, words.slice(1)));
  }
  return words.length > 0 && (head === '*' || head === words[0]) && matches(rest, words.slice(1));
}
