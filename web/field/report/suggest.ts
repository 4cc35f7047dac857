/** Which category is meant: by the words written, then by what is usually reported here. Pure. */
import { inSameWords } from '../../shared/same-words.ts';
import type { Category } from '../../shared/types.ts';

/** A keyword says more than a name, a name more than a condition, and habit only decides between equals. Each character of a keyword above two makes it surer. */
const POINTS = { keyword: 6, longer: 0.5, split: 5, name: 5, part: 1, habit: 2 } as const;
/** What comes after the first clause tells more often what follows from it, or who was there: 「井盖缺失，有电动车差点掉进去」. */
const LATER = 0.6;
/** What stands before one of these says where it is, not what it is: 「公交站后面路面有坑」. */
const WHERE = /^(?:门口|后面|前面|旁|对面|附近|边上|东|南|西|北)/;
/** From so many points on the words name a thing; below, they only share characters with it. */
const NAMED = POINTS.split;

/** Pairs of neighbouring characters: enough to find 井盖 in 「井盖不见了」 without a dictionary. */
function pairs(text: string): string[] {
  return [...new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2)))];
}

interface Clause {
  readonly words: string;
  readonly pairs: ReadonlySet<string>;
  readonly weight: number;
}
function clausesOf(text: string): Clause[] {
  const parts = inSameWords(text)
    .split(/[\p{P}\n]+/u)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return parts.map((words, i) => ({ words, pairs: new Set(pairs(words.replace(/\s/g, ''))), weight: i === 0 ? 1 : LATER }));
}

/** How far a clause says a keyword: in full; as thing and state with something between them, 邻居…吵架; or some characters of it. */
function keywordPoints(keyword: string, { words, pairs: said }: Clause): number {
  if (words.includes(keyword)) {
    const points = POINTS.keyword + POINTS.longer * Math.max(0, keyword.length - 2);
    return WHERE.test(words.slice(words.indexOf(keyword) + keyword.length)) ? points * LATER : points;
  }
  const apart = keyword.length === 4 && said.has(keyword.slice(0, 2)) && said.has(keyword.slice(2));
  return apart ? POINTS.split : POINTS.part * overlap(keyword, said);
}
const overlap = (words: string, said: ReadonlySet<string>) => pairs(words.replace(/[\s\p{P}]/gu, '')).filter((p) => said.has(p)).length;

interface Said {
  readonly points: number;
  /** A keyword or the name is there, not only characters of them. */
  readonly named: boolean;
}
interface CategoryWords {
  readonly keywords: readonly string[];
  readonly name: string;
  readonly condition: string;
}
/** Brought to the same words once: they are asked for with every letter that is typed. */
const WORDS = new WeakMap<Category, CategoryWords>();
function wordsOf(category: Category): CategoryWords {
  const known = WORDS.get(category);
  if (known) return known;
  const { nameZh, openZh } = category;
  const words = { keywords: category.keywords.map(inSameWords), name: inSameWords(nameZh), condition: inSameWords(openZh) };
  WORDS.set(category, words);
  return words;
}
/** Each of its words counts where it is said best: characters that come again in the next clause say nothing new. */
function score(category: Category, clauses: readonly Clause[]): Said {
  const best = (of: (clause: Clause) => number) => Math.max(0, ...clauses.map((clause) => clause.weight * of(clause)));
  const { keywords, name, condition } = wordsOf(category);
  const whole = (clause: Clause) => clause.words.includes(name) || clause.words.includes(category.nameEn.toLowerCase());
  const points =
    keywords.reduce((sum, keyword) => sum + best((clause) => keywordPoints(keyword, clause)), 0) +
    best((clause) => (whole(clause) ? POINTS.name : 2 * POINTS.part * overlap(name, clause.pairs))) +
    best((clause) => POINTS.part * overlap(condition, clause.pairs));
  const named = clauses.some((clause) => whole(clause) || keywords.some((keyword) => keywordPoints(keyword, clause) >= NAMED));
  return { points, named };
}

export interface Suggestion {
  readonly category: Category;
  /** Something that was written speaks for it; otherwise only habit does. */
  readonly byWords: boolean;
  /** The words name it, and nothing else as well: it may be taken as chosen. */
  readonly sure?: true;
  /** Nothing speaks for it but that it is common everywhere. */
  readonly common?: true;
}

/**
 * What may be taken as chosen before the person has: what the words surely name, or the best by habit while nothing is written. Words that are in
 * doubt choose nothing, because a wrong choice that nobody looks at again sends the wrong unit; what is only common chooses nothing either. Habit alone never chooses what makes units ring at once or in minutes:
 * one thoughtless tap would send them out.
 */
export function presumed(suggestions: readonly Suggestion[], text: string): Category | null {
  const best = suggestions[0];
  if (best === undefined) return null;
  const harmless = best.category.level === 'R3' || best.category.level === 'R4';
  return best.sure || (text.trim() === '' && harmless && !best.common) ? best.category : null;
}

/** Beside a clear match, fewer shared characters than this part of it are chance. */
const NEAR_BEST = 0.34;
/** So many times the words for the next category make the first one sure. [ours] */
const CLEARLY = 1.3;
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
  const clauses = clausesOf(text);
  const habit = new Map(usual.map((code, i) => [code, POINTS.habit * (1 - i / (usual.length + 1))]));
  const ranked = categories
    .map((category) => {
      const { points: words, named } = score(category, clauses);
      return { category, words, named, points: words + (habit.get(category.code) ?? 0) };
    })
    .filter((r) => r.points > 0)
    .sort((a, b) => b.points - a.points || (a.category.code < b.category.code ? -1 : 1));
  const bestWords = Math.max(0, ...ranked.map((r) => r.words));
  const speaks = (words: number) => words > 0 && words >= bestWords * NEAR_BEST;
  const byHabit = ranked
    .filter((r) => !speaks(r.words) && habit.has(r.category.code))
    .sort((a, b) => habit.get(b.category.code)! - habit.get(a.category.code)!);
  const second = ranked.find((r) => r.category.category !== ranked[0]!.category.category);
  const sure = ranked.length > 0 && ranked[0]!.named && ranked[0]!.words >= CLEARLY * (second?.words ?? 0);
  const chosen: Suggestion[] = [];
  for (const { category, words } of [...ranked.filter((r) => speaks(r.words)), ...byHabit]) {
    if (chosen.length === count) break;
    if (!chosen.some((c) => c.category.category === category.category))
      chosen.push({ category, byWords: speaks(words), ...(sure && category === ranked[0]!.category ? { sure: true as const } : {}) });
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
