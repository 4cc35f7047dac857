/** Which category a citizen's message is about: by the keywords of the category table, else one that fits its label. */
import type { Message } from './inputs.ts';

export interface CategoryWords {
  readonly code: string;
  readonly keywords: readonly string[];
}

/** Labels of the message files → a category of the table, for messages that no keyword catches. */
const BY_LABEL: ReadonlyMap<string, string> = new Map([
  ['城乡建设', 'E0113-01'],
  ['环境保护', 'E0110-01'],
  ['交通运输', 'E0113-01'],
  ['劳动和社会保障', 'L'],
  ['教育文体', 'L'],
  ['商贸旅游', 'S'],
  ['卫生计生', 'L'],
]);

/** The code with the most keyword hits; ties go to the first in the table. */
export function categoryOf(message: Message, table: readonly CategoryWords[]): string {
  const text = `${message.title}${message.text}`;
  let best = { code: '', hits: 0 };
  for (const { code, keywords } of table) {
    const hits = keywords.reduce((n, word) => n + (text.includes(word) ? 1 : 0), 0);
    if (hits > best.hits) best = { code, hits };
  }
  if (best.hits > 0) return best.code;
  const wanted = BY_LABEL.get(message.label ?? '') ?? '';
  const byLabel = table.find((c) => c.code === wanted) ?? table.find((c) => wanted !== '' && c.code.startsWith(wanted));
  return (byLabel ?? table[0]!).code;
}
