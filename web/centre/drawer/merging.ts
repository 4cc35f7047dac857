/** 并案: which of two incidents may go into which. Pure. */
import { isEnd } from '../../../src/dispatch/chain/states.ts';
import type { State, Time } from '../../shared/types.ts';

export interface Mergeable {
  /** null outside the scope of the account. */
  readonly id: string | null;
  readonly number: string;
  readonly state: State;
  readonly reportedAt: Time;
  readonly may?: readonly string[] | undefined;
}
/** `from` goes into `into`. */
export interface MergeWay<T extends Mergeable = Mergeable> {
  readonly from: T;
  readonly into: T;
}

/** @returns the ways that the server would take now; the younger into the older comes first. */
export function mergeWays<T extends Mergeable>(one: T, other: T): MergeWay<T>[] {
  const age = Date.parse(one.reportedAt) - Date.parse(other.reportedAt) || one.number.localeCompare(other.number);
  const [older, younger] = age < 0 ? [one, other] : [other, one];
  return [
    { from: younger, into: older },
    { from: older, into: younger },
  ].filter(({ from, into }) => from.id !== null && into.id !== null && from.may?.includes('merge') && !isEnd(into.state));
}
