/** Categories, places and units by what they are called: names are looked up when somebody asks, so that a new name finds old incidents. */
import type { Reference } from '../../grid/reference.ts';
import { codeLexeme } from './grams.ts';
import { folded } from './terms.ts';

interface Named {
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn?: string | null;
}

/** A word that so many bear in their names says nothing of one of them. */
const MOST_NAMED = 400;

/** Lexemes of everything whose Chinese or English name has this term in it. */
export function namedIn({ categories, subdistricts, communities, cells, units }: Reference): (term: string) => readonly string[] {
  return (term) => {
    const bears = ({ nameZh, nameEn }: Named) => folded(nameZh).includes(term) || folded(nameEn ?? '').includes(term);
    const among = (kind: 'c' | 'p' | 'u', things: Iterable<Named>) => [...things].filter(bears).map(({ code }) => codeLexeme(kind, code));
    const places = [...among('p', subdistricts.values()), ...among('p', communities.values())];
    const known = new Set(places);
    // A cell is called after its community: where that bears the term, its cells add nothing.
    const cellsElsewhere = [...cells.values()].filter((c) => !known.has(codeLexeme('p', c.community)));
    const found = [...among('c', categories.values()), ...places, ...among('p', cellsElsewhere), ...among('u', units.values())];
    return found.length > MOST_NAMED ? [] : found;
  };
}
