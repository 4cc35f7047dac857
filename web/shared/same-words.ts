/** Words that people use for one thing, brought to one of them, so that 「井盖缺失」 meets the keyword 「井盖丢失」. Pure; both sides are to be brought. */

/** What is written → what it stands for. A longer one comes before one that it holds. Everyday words of reports, with those of Cantonese. [ours] */
const SAME: readonly (readonly [as: string, words: readonly string[]])[] = [
  ['燃气异味', ['煤气味道', '燃气味道', '天然气味道', '煤气味', '燃气味', '天然气味', '煤气臭', '燃气臭']],
  ['燃气', ['天然气', '煤气', '液化气']],
  ['异味', ['怪味', '味道', '气味']],
  ['丢失', ['不见了', '没有了', '缺失', '缺了', '没了', '不见', '丢了', '被偷']],
  ['走失', ['失踪', '走丢']],
  ['动手', ['打起来', '动起手', '打起架']],
  ['落水', ['掉进河', '掉到河', '掉河里', '掉下河', '掉水里', '掉进水', '掉下水']],
  ['着火', ['起火', '失火', '火烧', '烧起来']],
  ['积水', ['淹水', '淹了', '积了水', '水淹']],
  ['不亮', ['不着', '没亮', '没有亮', '亮不了']],
  ['翻起', ['翻开', '掀开', '翘起来', '翻了']],
  ['电动车', ['电动自行车', '电瓶车']],
  ['垃圾', ['拉圾', '废弃物']],
];
const PAIRS = SAME.flatMap(([as, words]) => words.map((word) => [word, as] as const));
/** One pass, so that nothing brought is brought again. */
const ANY = new RegExp([...new Set(PAIRS.map(([word]) => word))].sort((a, b) => b.length - a.length).join('|'), 'g');
const AS = new Map<string, string>(PAIRS);

/** In small letters, with one word for each thing. */
export const inSameWords = (text: string): string => text.toLowerCase().replace(ANY, (word) => AS.get(word) ?? word);
