/** What the desk answers: what was written, or why nothing was. */
import type { FilledCard } from './chain/run-cards.ts';
import type { Incident } from './chain/incident.ts';
import type { Refusal } from './chain/refusals.ts';
import type { WrittenMove } from './move-row.ts';

export type DeskRefusal =
  | Refusal
  | { readonly code: 'not-found' }
  | { readonly code: 'idempotency-key-reused' }
  | { readonly code: 'unknown-category'; readonly category: string }
  | { readonly code: 'outside-district' }
  | { readonly code: 'found-in-future' }
  | { readonly code: 'unknown-checker'; readonly checker: string }
  | { readonly code: 'unknown-photo'; readonly photos: readonly string[] }
  | { readonly code: 'unknown-voice'; readonly voices: readonly string[] }
  | { readonly code: 'run-card-unfilled' | 'alarm-unfilled'; readonly shortfalls: FilledCard['shortfalls'] };

export interface Done {
  readonly ok: true;
  /** As it was after the move. */
  readonly incident: Incident;
  readonly moves: readonly WrittenMove[];
  readonly seq: number;
  /** The same was asked before under the same key: nothing was written now. */
  readonly repeat: boolean;
}

export type Answer = Done | { readonly ok: false; readonly refusal: DeskRefusal };

export function refused(refusal: DeskRefusal): Answer {
  return { ok: false, refusal };
}
