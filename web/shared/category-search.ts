/** Finds categories by what is typed or said on the telephone: names, keywords and conditions, in both languages, by their parts too. Pure. */
import { inSameWords } from './same-words.ts';
import type { Category } from './types.ts';

export interface Found {
  readonly category: Category;
  readonly score: number;
}

/** Pieces of a text that may be words: Latin words as they are, Chinese as pairs of neighbouring characters. */
export function pieces(text: string): string[] {
  const found = new Set<string>();
  for (const word of text.toLowerCase().match(/[a-z0-9-]+|\p{Script=Han}+/gu) ?? []) {
    if (/^[a-z0-9-]/.test(word) || word.length <= 2) found.add(word);
    else for (let i = 0; i + 1 < word.length; i++) found.add(word.slice(i, i + 2));
  }
  return [...found];
}

/** A keyword said in full counts most, then the name, then the conditions that open it. */
export function scoreOf(category: Category, text: string): number {
  const said = inSameWords(text.trim());
  if (said === '') return 0;
  const names = inSameWords(`${category.nameZh} ${category.nameEn}`);
  const conditions = inSameWords(`${category.openZh} ${category.openEn} ${category.classZh ?? ''} ${category.classEn ?? ''}`);
  const keywords = category.keywords.map(inSameWords);
  let score = names.includes(said) || category.code.toLowerCase().startsWith(said) ? 20 : 0;
  if (conditions.includes(said)) score += 6;
  for (const keyword of keywords) if (said.includes(keyword)) score += 8 + keyword.length;
  for (const piece of pieces(said)) {
    if (names.includes(piece)) score += 4;
    else if (keywords.some((k) => k.includes(piece))) score += 3;
    else if (conditions.includes(piece)) score += 1;
  }
  return score;
}

/** One pair of characters that a condition happens to hold is chance. */
const LEAST = 2;

/** Best first, graver first among equals; nothing for an empty text. */
export function findCategories(categories: readonly Category[], text: string, limit = 8): Found[] {
  return categories
    .map((category) => ({ category, score: scoreOf(category, text) }))
    .filter((f) => f.score >= LEAST)
    .sort((a, b) => b.score - a.score || a.category.level.localeCompare(b.category.level) || a.category.code.localeCompare(b.category.code))
    .slice(0, limit);
}
