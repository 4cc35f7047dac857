/** What the queue shows of the incidents in scope, kept in the address so that a view can be sent to a colleague. Pure. */
import { leftMs, type Timed } from './groups.ts';

export interface Filter {
  readonly state: string;
  readonly level: string;
  readonly subdistrict: string;
  readonly overdue: boolean;
  /** 轮到我: only what waits for this person. */
  readonly turn: boolean;
  /** 演练: only those, or none. */
  readonly drill: '' | 'true' | 'false';
  readonly text: string;
}
export const NO_FILTER: Filter = { state: '', level: '', subdistrict: '', overdue: false, turn: false, drill: '', text: '' };

/** An incident with the words a person may search it by: number, description, and the names of place, category and units. */
export interface Searchable extends Timed {
  readonly state: string;
  readonly subdistrict: string;
  readonly drill?: boolean;
}

/** Unknown or malformed values fall back to "no filter": an address is typed by people. */
export function readFilter(query: URLSearchParams): Filter {
  const pick = (name: string, shape: RegExp) => {
    const value = query.get(name) ?? '';
    return shape.test(value) ? value : '';
  };
  return {
    state: pick('state', /^[a-z]{3,20}$/i),
    level: pick('level', /^R[1-4]$/),
    subdistrict: pick('subdistrict', /^\d{9}$/),
    overdue: query.get('overdue') === 'true',
    turn: query.get('turn') === 'mine',
    drill: pick('drill', /^(true|false)$/) as Filter['drill'],
    text: (query.get('q') ?? '').slice(0, 200),
  };
}

/** Writes the filter into a copy of the address's query, leaving what is not the filter's. */
export function writeFilter(query: URLSearchParams, filter: Filter): URLSearchParams {
  const next = new URLSearchParams(query);
  const put = (name: string, value: string) => (value === '' ? next.delete(name) : next.set(name, value));
  put('state', filter.state);
  put('level', filter.level);
  put('subdistrict', filter.subdistrict);
  put('overdue', filter.overdue ? 'true' : '');
  put('turn', filter.turn ? 'mine' : '');
  put('drill', filter.drill);
  put('q', filter.text.trim());
  return next;
}

export function countFilters(filter: Filter): number {
  return [filter.state, filter.level, filter.subdistrict, filter.overdue, filter.turn, filter.drill, filter.text.trim()].filter(Boolean)
    .length;
}

/**
 * @param words everything the text may match, in both languages, lower case; asked only when there is a text. Every part of it has to be found.
 * @param mine whether it waits for this person; asked only when that is filtered for.
 */
export function matches(incident: Searchable, filter: Filter, words: () => string, now: number, mine: () => boolean = () => true): boolean {
  if (filter.state && incident.state !== filter.state) return false;
  if (filter.level && incident.level !== filter.level) return false;
  if (filter.subdistrict && incident.subdistrict !== filter.subdistrict) return false;
  if (filter.overdue && leftMs(incident, now) > 0) return false;
  if (filter.drill && String(incident.drill === true) !== filter.drill) return false;
  if (filter.turn && !mine()) return false;
  const parts = filter.text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (parts.length === 0) return true;
  const all = words();
  return parts.every((part) => all.includes(part));
}
