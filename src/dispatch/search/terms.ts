/** What a person typed into the search, and where it stands in a text. Pure: the pages mark with it what the service found with it. */

/** More words than this nobody looks for; the rest is left out. */
const MOST_TERMS = 8;

/** One form for what looks alike: full-width digits and letters, capitals. */
export function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** The words that all have to be found, each once, as they were typed but for capitals and width. */
export function termsOf(q: string): string[] {
  return [...new Set(folded(q).split(/\s+/).filter(Boolean))].slice(0, MOST_TERMS);
}

export interface Part {
  readonly text: string;
  readonly hit: boolean;
}

/** The text in parts, those that a term names marked; the parts together are the text. Of overlapping terms the longest wins. */
export function marked(text: string, terms: readonly string[]): Part[] {
  const low = text.toLowerCase();
  // Where lower case is of another length nothing can be pointed at.
  const wanted = low.length === text.length ? [...terms].sort((a, b) => b.length - a.length) : [];
  const parts: Part[] = [];
  let plainFrom = 0;
  for (let at = 0; at < text.length;) {
    const term = wanted.find((t) => low.startsWith(t, at));
    if (term === undefined) {
      at++;
      continue;
    }
    if (at > plainFrom) parts.push({ text: text.slice(plainFrom, at), hit: false });
    parts.push({ text: text.slice(at, at + term.length), hit: true });
    at += term.length;
    plainFrom = at;
  }
  if (plainFrom < text.length) parts.push({ text: text.slice(plainFrom), hit: false });
  return parts;
}

/** Characters before the hit, and of the whole piece: one line of a queue [ours]. */
const BEFORE = 8;
const ROOM = 40;

/** The piece of the text around the first term that stands in it; null when none does. */
export function excerptOf(text: string, terms: readonly string[]): string | null {
  const line = text.replace(/\s+/g, ' ').trim();
  const low = folded(line);
  const at = Math.min(...terms.map((t) => low.indexOf(t)).filter((i) => i >= 0));
  if (!Number.isFinite(at)) return null;
  const from = at <= BEFORE ? 0 : at - BEFORE;
  const to = Math.min(line.length, from + ROOM);
  return `${from > 0 ? '…' : ''}${line.slice(from, to)}${to < line.length ? '…' : ''}`;
}
