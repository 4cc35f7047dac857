/**
 * Chinese has no spaces, so a text is kept as every two characters that stand side by side, with their places: 燃气泄漏 is 燃气@1 气泄@2 泄漏@3 漏@4. A word of
 * two characters is one look into the index, a longer one a chain of neighbours, a single character a beginning. Trigrams (pg_trgm) would read the whole
 * index for words of two characters, which most Chinese words are. What is written with an alphabet, and numbers, are whole words, found by their beginning. Pure.
 */
import { folded } from './terms.ts';

/** Weights of PostgreSQL’s text search, heaviest first. */
export type Weight = 'A' | 'B' | 'C' | 'D';

interface Token {
  readonly lexeme: string;
  readonly at: number;
  /** Last of a run of several Chinese characters: in a text it is kept for those who look for it alone, in a question its neighbour says it already. */
  readonly tail: boolean;
  /** Found by its beginning: a word, and a character that stands alone in the question. */
  readonly open: boolean;
}

const HAN = '\\p{Script=Han}';
const RUN = new RegExp(`(${HAN}+)|((?:(?!${HAN})[\\p{L}\\p{N}])+)`, 'gu');
/** PostgreSQL keeps places up to 16,383 and at most 255 of one lexeme; what comes later in a text is not found. */
const LAST_PLACE = 16_000;
const MOST_PLACES = 255;
/** Longer words are keys that somebody pasted. */
const LONGEST_WORD = 60;
/** Between two texts, so that no chain of neighbours goes from one into the next. */
const APART = 10;

/** @param from  place of the first token. @returns the tokens, and the first place behind the text. */
function tokensOf(text: string, from: number): { readonly tokens: Token[]; readonly end: number } {
  const tokens: Token[] = [];
  let place = from;
  let read = 0;
  const low = folded(text);
  for (const match of low.matchAll(RUN)) {
    // However many signs stand between, it is one step.
    if (match.index > read && tokens.length > 0) place += 1;
    read = match.index + match[0].length;
    if (match[2] !== undefined) {
      tokens.push({ lexeme: match[2].slice(0, LONGEST_WORD), at: place, tail: false, open: true });
      place += 1;
      continue;
    }
    const run = [...match[0]];
    for (const [i, char] of run.entries()) {
      const last = i === run.length - 1;
      tokens.push({ lexeme: last ? char : char + run[i + 1]!, at: place + i, tail: last && run.length > 1, open: last });
    }
    place += run.length;
  }
  return { tokens, end: place };
}

const quoted = (lexeme: string) => `'${lexeme.replace(/['\\]/g, '$&$&')}'`;

export interface Field {
  readonly text: string;
  readonly weight: Weight;
}

/** A thing that texts name in many ways, kept by its code: `#p441802006001`. No text makes a lexeme with this sign. */
export const codeLexeme = (kind: 'c' | 'p' | 'u', code: string): string => `#${kind}${code}`;

/** The literal of a `tsvector`. @param codes  lexemes of `codeLexeme`. */
export function vectorOf(fields: readonly Field[], codes: readonly (readonly [lexeme: string, weight: Weight])[]): string {
  const places = new Map<string, string[]>();
  const put = (lexeme: string, place: string) => {
    const known = places.get(lexeme);
    if (known === undefined) places.set(lexeme, [place]);
    else if (known.length < MOST_PLACES) known.push(place);
  };
  let from = 1;
  for (const [lexeme, weight] of codes) put(lexeme, `${from}${weight}`);
  for (const { text, weight } of fields) {
    from += APART;
    const { tokens, end } = tokensOf(text, from);
    for (const { lexeme, at } of tokens) if (at <= LAST_PLACE) put(lexeme, `${at}${weight}`);
    from = end;
    if (from > LAST_PLACE) break;
  }
  return [...places].map(([lexeme, at]) => `${quoted(lexeme)}:${at.join(',')}`).join(' ');
}

/**
 * The literal of a `tsquery`: every term has to be found, in the words or by what is named so.
 *
 * @param codesOf  lexemes of what bears the term in its name.
 * @returns null when nothing is left to look for: signs only.
 */
export function queryOf(terms: readonly string[], codesOf: (term: string) => readonly string[]): string | null {
  const parts = terms.flatMap((term) => {
    const phrase = phraseOf(term);
    return phrase === null ? [] : [`(${[phrase, ...codesOf(term).map(quoted)].join(' | ')})`];
  });
  return parts.length === 0 ? null : parts.join(' & ');
}

function phraseOf(term: string): string | null {
  const tokens = tokensOf(term, 1).tokens.filter((t) => !t.tail);
  let phrase = '';
  for (const [i, { lexeme, at, open }] of tokens.entries()) {
    if (i > 0) phrase += ` <${at - tokens[i - 1]!.at}> `;
    // A word in the middle of a term is whole; the last one may be a beginning.
    phrase += quoted(lexeme) + (open && (i === tokens.length - 1 || [...lexeme].length === 1) ? ':*' : '');
  }
  return phrase === '' ? null : `(${phrase})`;
}
