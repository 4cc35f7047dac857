/** Finds categories by what a caller says on the phone: names and keywords, in both languages. Pure. */
import type { Category } from '../../shared/types.ts';

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
  const said = text.toLowerCase().trim();
  if (said === '') return 0;
  const names = `${category.nameZh} ${category.nameEn}`.toLowerCase();
  const conditions = `${category.openZh} ${category.openEn} ${category.classZh ?? ''} ${category.classEn ?? ''}`.toLowerCase();
  let score = names.includes(said) ? 20 : 0;
  for (const keyword of category.keywords) if (said.includes(keyword.toLowerCase())) score += 8 + keyword.length;
  for (const piece of pieces(said)) {
    if (names.includes(piece)) score += 4;
    else if (category.keywords.some((k) => k.toLowerCase().includes(piece))) score += 3;
    else if (conditions.includes(piece)) score += 1;
  }
  return score;
}

/** Best first, graver first among equals; nothing for an empty text. */
export function findCategories(categories: readonly Category[], text: string, limit = 8): Found[] {
  return categories
    .map((category) => ({ category, score: scoreOf(category, text) }))
    .filter((f) => f.score > 0)
    .sort((a, b) => b.score - a.score || a.category.level.localeCompare(b.category.level) || a.category.code.localeCompare(b.category.code))
    .slice(0, limit);
}
