/** What decisions are made of: the facts that come from outside, and the answer. */
import type { Incident, Move, MovePayload, SentBy } from './incident.ts';
import type { Rules } from './levels.ts';
import type { Refusal } from './refusals.ts';
import type { State, Verb } from './states.ts';

/** All that a decision needs beyond incident, command and actor. Time, ids and what is in other tables come in here. */
export interface Facts {
  readonly now: Date;
  readonly rules: Rules;
  /** The units that the command names, as far as they exist. */
  readonly units: ReadonlyMap<string, { readonly mayLead: boolean }>;
  /** For a dispatch or a further alarm by run card: what the card said. */
  readonly card?: SentBy;
  /** Of the units that the command names, those where nobody is on duty. */
  readonly offDuty?: readonly string[];
  /** Fresh UUIDv7s, enough for the assignments that the command makes. */
  readonly newIds: readonly string[];
  /** For `merge`: the other incident if the actor may see it. */
  readonly into?: { readonly id: string; readonly state: State; readonly drill: boolean } | null;
}

export type Decision =
  { readonly ok: true; readonly move: Move; readonly next: Incident } | { readonly ok: false; readonly refusal: Refusal };

/** What a verb decides: where to, and what the log row says. Actor, time and version are added by `decide`. */
export type Outcome = { readonly to: State; readonly payload: MovePayload } | Refusal;

export function isRefusal(outcome: Outcome): outcome is Refusal {
  return 'code' in outcome;
}

/** The words, photos and voice notes that a command brings. */
export function said(command: object): MovePayload {
  const { reason, note, photos, voices, ownership } = command as Pick<MovePayload, 'reason' | 'note' | 'photos' | 'voices' | 'ownership'>;
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(note === undefined ? {} : { note }),
    ...(photos === undefined ? {} : { photos }),
    ...(voices === undefined ? {} : { voices }),
    ...(ownership === undefined ? {} : { ownership }),
  };
}

export function refuse(refusal: Refusal): { ok: false; refusal: Refusal } {
  return { ok: false, refusal };
}

export function noSuchMove(state: State, verb: Verb): Refusal {
  return { code: 'no-such-move', state, verb };
}

/** A value that cannot be: makes a new verb or state fail to compile until it is handled. */
export function unreachable(value: never): never {
  throw new TypeError(`not handled: ${JSON.stringify(value)}`);
}
