/** Names of the pictures that marks refer to, and what a name says. Pure: who draws them needs a canvas, who names them does not. */
import type { Level } from '../../shared/types.ts';
import type { UnitState } from './unit-state.ts';

export type Picture =
  | { readonly of: 'incident'; readonly level: Level; readonly late: boolean; readonly chosen: boolean }
  | { readonly of: 'cluster'; readonly level: Level; readonly late: boolean; readonly chosen: boolean; readonly count: number }
  | { readonly of: 'unit'; readonly state: UnitState; readonly home: boolean; readonly chosen: boolean };

export const markImage = (level: Level, late: boolean, chosen: boolean) => `mark-${level}${late ? '-late' : ''}${chosen ? '-chosen' : ''}`;
export const clusterImage = (level: Level, late: boolean, chosen: boolean, count: number) =>
  `cluster-${level}-${count}${late ? '-late' : ''}${chosen ? '-chosen' : ''}`;
export const unitImage = (state: UnitState, home: boolean, chosen: boolean) =>
  `unit-${state}${home ? '-home' : ''}${chosen ? '-chosen' : ''}`;
const NAME = 'name-';
export const placeNameImage = (code: string) => NAME + code;
/** Of the place whose name is in the picture; null for a picture of a mark. */
export const codeOfName = (image: string): string | null => (image.startsWith(NAME) ? image.slice(NAME.length) : null);

/** @throws RangeError for a name that none of the functions above makes. */
export function pictureNamed(name: string): Picture {
  const [of, first = '', ...more] = name.split('-');
  const late = more.includes('late');
  const chosen = more.includes('chosen');
  if (of === 'mark') return { of: 'incident', level: first as Level, late, chosen };
  if (of === 'cluster') return { of: 'cluster', level: first as Level, late, chosen, count: Number(more[0]) };
  if (of === 'unit') return { of: 'unit', state: first as UnitState, home: more.includes('home'), chosen };
  throw new RangeError(`no picture is called ${name}`);
}
