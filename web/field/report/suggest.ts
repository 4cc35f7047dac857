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
}

/**
 * What may be taken as chosen before the person has: the best by words, or by habit while nothing is written. Words that match nothing
 * choose nothing, because habit would file them as something else. Habit alone never chooses what makes units ring at once or in minutes:
 * one thoughtless tap would send them out.
 */
export function presumed(suggestions: readonly Suggestion[], text: string): Category | null {
  const best = suggestions[0];
  if (best === undefined) return null;
  const harmless = best.category.level === 'R3' || best.category.level === 'R4';
  return best.byWords || (text.trim() === '' && harmless) ? best.category : null;
}

/**
 * The likeliest rows, at most `count`, of different categories.
 *
 * @param usual  codes of rows reported before, most usual first; they fill up what the words leave open.
 * @returns best first; empty when neither words nor habit say anything.
 */
export function suggest(categories: readonly Category[], text: string, usual: readonly string[], count = 2): Suggestion[] {
  const textPairs = pairs(text);
  const habit = new Map(usual.map((code, i) => [code, POINTS.habit * (1 - i / (usual.length + 1))]));
  const ranked = categories
    .map((category) => {
      const words = text.trim() === '' ? 0 : score(category, text, textPairs);
      return { category, words, points: words + (habit.get(category.code) ?? 0) };
    })
    .filter((r) => r.points > 0)
    .sort((a, b) => b.points - a.points || (a.category.code < b.category.code ? -1 : 1));
  const chosen: Suggestion[] = [];
  for (const { category, words } of ranked) {
    if (chosen.length === count) break;
    if (!chosen.some((c) => c.category.category === category.category)) chosen.push({ category, byWords: words > 0 });
  }
  return chosen;
}

/** Rows that match what was typed into the search field; all of them for an empty one. */
export function findCategories(categories: readonly Category[], query: string): Category[] {
  const q = query.trim().toLowerCase();
  if (q === '') return [...categories];
  const hit = (c: Category) =>
    [c.nameZh, c.nameEn, c.openZh, c.openEn, c.code, ...c.keywords].some((words) => words.toLowerCase().includes(q));
  return categories.filter(hit);
}
