/** Which category is meant: by the words written, then by what is usually reported here. Pure. */
import type { Category } from '../../shared/types.ts';

/** A keyword says more than a name, a name more than a condition, and habit only decides between equals. */
const POINTS = { keyword: 6, name: 5, part: 1, habit: 2 } as const;

/** Pairs of neighbouring characters: enough to find 井盖 in 「井盖不见了」 without a dictionary. */
function pairs(text: string): Set<string> {
  const clean = text.toLowerCase().replace(/[\s\p{P}]/gu, '');
  return new Set(Array.from({ length: Math.max(0, clean.length - 1) }, (_, i) => clean.slice(i, i + 2)));
}

function score(category: Category, text: string, textPairs: ReadonlySet<string>): number {
  const lower = text.toLowerCase();
  const overlap = (words: string) => [...pairs(words)].filter((p) => textPairs.has(p)).length;
  let points = 0;
  for (const keyword of category.keywords) {
    if (lower.includes(keyword.toLowerCase())) points += POINTS.keyword;
    else points += POINTS.part * overlap(keyword);
  }
  if (lower.includes(category.nameZh) || lower.includes(category.nameEn.toLowerCase())) points += POINTS.name;
  else points += 2 * POINTS.part * overlap(category.nameZh);
  return points + POINTS.part * overlap(category.openZh);
}

export interface Suggestion {
  readonly category: Category;
  /** Something that was written speaks for it; otherwise only habit does. */
  readonly byWords: boolean;
  /** Nothing speaks for it but that it is common everywhere. */
  readonly common?: true;
}

/**
 * What may be taken as chosen before the person has: the best by words, or by habit while nothing is written. Words that match nothing
 * choose nothing, because habit would file them as something else; what is only common chooses nothing either. Habit alone never chooses what makes units ring at once or in minutes:
 * one thoughtless tap would send them out.
 */
export function presumed(suggestions: readonly Suggestion[], text: string): Category | null {
  const best = suggestions[0];
  if (best === undefined) return null;
  const harmless = best.category.level === 'R3' || best.category.level === 'R4';
  return best.byWords || (text.trim() === '' && harmless && !best.common) ? best.category : null;
}

/** Beside a clear match, fewer shared characters than this part of it are chance. */
const NEAR_BEST = 0.34;
/** While no words speak, so many are offered that one press does for most: two rows of three on a phone, the last for all the others. */
const MOST_COMMON = 5;

/**
 * The likeliest rows, at most `count`, of different categories.
 *
 * @param usual  codes of rows reported before, most usual first; they fill up what the words leave open.
 * @param common  codes of rows that are common everywhere, the commonest first; they are offered where no words speak.
 * @returns those that the words speak for first, best first, then by habit; then what is common.
 */
export function suggest(
  categories: readonly Category[],
  text: string,
  usual: readonly string[],
  count = 2,
  common: readonly string[] = [],
): Suggestion[] {
  const textPairs = pairs(text);
  const habit = new Map(usual.map((code, i) => [code, POINTS.habit * (1 - i / (usual.length + 1))]));
  const ranked = categories
    .map((category) => {
      const words = text.trim() === '' ? 0 : score(category, text, textPairs);
      return { category, words, points: words + (habit.get(category.code) ?? 0) };
    })
    .filter((r) => r.points > 0)
    .sort((a, b) => b.points - a.points || (a.category.code < b.category.code ? -1 : 1));
  const bestWords = Math.max(0, ...ranked.map((r) => r.words));
  const speaks = (words: number) => words > 0 && words >= bestWords * NEAR_BEST;
  const byHabit = ranked
    .filter((r) => !speaks(r.words) && habit.has(r.category.code))
    .sort((a, b) => habit.get(b.category.code)! - habit.get(a.category.code)!);
  const chosen: Suggestion[] = [];
  for (const { category, words } of [...ranked.filter((r) => speaks(r.words)), ...byHabit]) {
    if (chosen.length === count) break;
    if (!chosen.some((c) => c.category.category === category.category)) chosen.push({ category, byWords: speaks(words) });
  }
  if (bestWords > 0) return chosen;
  for (const code of common) {
    const category = categories.find((c) => c.code === code);
    if (chosen.length >= MOST_COMMON) break;
    if (category && !chosen.some((c) => c.category.category === category.category)) chosen.push({ category, byWords: false, common: true });
  }
  return chosen;
}

export interface OfferGroup {
  readonly why: 'chosen' | 'byWords' | 'usual';
  readonly categories: readonly Category[];
}
/**
 * What is offered, under the reason for it. What is chosen stands where its category was suggested, else by itself in place of the last suggestion.
 *
 * @returns groups that have something in them, at most `suggestions.length` or one category in all.
 */
export function offers(suggestions: readonly Suggestion[], chosen: Category | null): OfferGroup[] {
  const alone = chosen !== null && !suggestions.some((s) => s.category.category === chosen.category);
  const kept = alone ? suggestions.slice(0, -1) : suggestions;
  const of = (byWords: boolean) =>
    kept.filter((s) => s.byWords === byWords).map(({ category }) => (category.category === chosen?.category ? chosen : category));
  const groups: OfferGroup[] = [
    { why: 'chosen', categories: alone ? [chosen] : [] },
    { why: 'byWords', categories: of(true) },
    { why: 'usual', categories: of(false) },
  ];
  return groups.filter((g) => g.categories.length > 0);
}

/** Rows that match what was typed into the search field; all of them for an empty one. */
export function findCategories(categories: readonly Category[], query: string): Category[] {
  const q = query.trim().toLowerCase();
  if (q === '') return [...categories];
  const hit = (c: Category) =>
    [c.nameZh, c.nameEn, c.openZh, c.openEn, c.code, ...c.keywords].some((words) => words.toLowerCase().includes(q));
  return categories.filter(hit);
}
