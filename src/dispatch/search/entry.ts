/** What of an incident is searched: its number, its words, what was said in its log, and codes of its category, places and units. Pure. */
import type { MovePayload } from '../chain/incident.ts';
import { codeLexeme, vectorOf, type Weight } from './grams.ts';

export interface Searched {
  readonly number: string;
  readonly category: string;
  readonly cell: string;
  readonly community: string;
  readonly subdistrict: string;
  readonly description: string;
  readonly units: readonly string[];
  /** Of the moves that say something, oldest first. */
  readonly payloads: readonly MovePayload[];
}

/** Where in a move people, or the system, say something. */
export const SAID = ['text', 'note', 'reason', 'ruling', 'to'] as const satisfies readonly (keyof MovePayload)[];

/** What people, or the system, said with a move. */
export function saidIn(payload: MovePayload): string[] {
  return SAID.map((field) => payload[field]).filter((s): s is string => typeof s === 'string' && s !== '');
}

/** Number and category weigh most, then the report’s own words, then place and units, then what was said on the way. */
export function entryVector(i: Searched): string {
  const places = [i.cell, i.community, i.subdistrict].map((code): [string, Weight] => [codeLexeme('p', code), 'C']);
  const units = i.units.map((code): [string, Weight] => [codeLexeme('u', code), 'C']);
  const said = i.payloads.flatMap(saidIn).map((text) => ({ text, weight: 'D' as const }));
  return vectorOf(
    [{ text: i.number, weight: 'A' }, { text: i.description, weight: 'B' }, ...said],
    [[codeLexeme('c', i.category), 'A'], ...places, ...units],
  );
}
