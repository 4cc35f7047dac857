/** How alike two descriptions are. Pure; made for Chinese, which has no spaces between words, and good enough for English. */

/** Characters that hold a sentence together and say nothing of what happened; two reports share them by chance [ours]. */
const FILLERS = new Set('的了在是有我你他她它们这那就都也和与及一个吗呢啊吧很太把被让给对从到又还会要来去着过请里上下边个件');
const NOT_WORDS = /[\s\p{P}\p{S}]/gu;
/** Reports are a sentence or two; a letter of ten thousand characters is compared by how it begins. */
const MOST_CHARS = 600;

/**
 * Pairs of neighbouring characters, each once: enough to find 井盖 in 「井盖不见了」 without a dictionary.
 * Full-width and half-width forms are one; punctuation and fillers are left out first, so that 「路面有坑」 and 「路面的坑」 share a pair.
 */
export function pairsOf(text: string): ReadonlySet<string> {
  const said = text.slice(0, MOST_CHARS).normalize('NFKC').toLowerCase().replace(NOT_WORDS, '');
  const chars = [...said].filter((c) => !FILLERS.has(c));
  const pairs = new Set<string>();
  for (let i = 0; i + 1 < chars.length; i++) pairs.add(chars[i]! + chars[i + 1]!);
  return pairs;
}

/**
 * Shared pairs over the geometric mean of both counts (Ochiai): unlike Dice it does not punish a short report beside a long one, unlike the
 * overlap coefficient it is not carried away by two characters.
 *
 * @returns 0 (nothing in common, or one says nothing) to 1 (the same pairs); the same whichever comes first.
 */
export function textLikeness(a: string, b: string): number {
  const [first, second] = [pairsOf(a), pairsOf(b)];
  if (first.size === 0 || second.size === 0) return 0;
  let shared = 0;
  for (const pair of first) if (second.has(pair)) shared += 1;
  return shared / Math.sqrt(first.size * second.size);
}
