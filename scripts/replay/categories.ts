/** Which category a citizen's message is about: the one it says, else what the field page would suggest for its words, else one that fits its label. */
import { suggest } from '../../web/field/report/suggest.ts';
import type { Category } from '../../web/shared/types.ts';
import type { Message } from './inputs.ts';

/** Labels of the message files → a category of the table, for messages of which no word speaks. */
const BY_LABEL: ReadonlyMap<string, string> = new Map([
  ['城乡建设', 'E0113-01'],
  ['环境保护', 'E0110-01'],
  ['交通运输', 'E0113-01'],
  ['劳动和社会保障', 'L'],
  ['教育文体', 'L'],
  ['商贸旅游', 'S'],
  ['卫生计生', 'L'],
]);

/** @param table  as `/categories` has it. */
export function categoryOf({ title, text, label, category }: Message, table: readonly Category[]): string {
  const told = table.find((row) => row.code === category);
  if (told !== undefined) return told.code;
  const suggested = suggest(table, `${title}${text}`, [], 1)[0];
  if (suggested?.byWords === true) return suggested.category.code;
  const wanted = BY_LABEL.get(label ?? '') ?? '';
  const byLabel = table.find((row) => row.code === wanted) ?? table.find((row) => wanted !== '' && row.code.startsWith(wanted));
  return (byLabel ?? table[0]!).code;
}
