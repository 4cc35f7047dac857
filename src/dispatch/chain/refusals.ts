/** Why a command is refused, as values: nothing is written and nothing is thrown. Statuses and words for people are in `src/errors.ts`. */
import type { By, State, Verb } from './states.ts';

export type Refusal =
  | { readonly code: 'no-such-move'; readonly state: State; readonly verb: Verb }
  | { readonly code: 'not-yours'; readonly needs: readonly By[] }
  | { readonly code: 'version-conflict'; readonly expected: number; readonly actual: number }
  | { readonly code: 'no-lead-unit' }
  | { readonly code: 'unknown-unit'; readonly unit: string }
  | { readonly code: 'unit-may-not-lead'; readonly unit: string }
  | { readonly code: 'unit-already-sent'; readonly unit: string }
  | { readonly code: 'unknown-assignment'; readonly assignment: string }
  | { readonly code: 'not-settled-on-spot' }
  | { readonly code: 'not-for-this-category' }
  | { readonly code: 'evidence-not-enough' }
  | { readonly code: 'checker-is-handler' }
  | { readonly code: 'lead-not-released' }
  | { readonly code: 'decline-used-up' }
  | { readonly code: 'decline-overruled' }
  | { readonly code: 'no-arbitration' }
  | { readonly code: 'extension-not-allowed' }
  | { readonly code: 'extension-not-asked' }
  | { readonly code: 'extension-already-asked' }
  | { readonly code: 'second-person-needed' }
  | { readonly code: 'already-overdue' }
  | { readonly code: 'no-supervision'; readonly replyTo: number }
  | { readonly code: 'no-review' }
  | { readonly code: 'nothing-to-recount' }
  | { readonly code: 'missing-field'; readonly field: string }
  | { readonly code: 'suspend-not-allowed' }
  | { readonly code: 'suspend-too-long'; readonly maxDays: number }
  | { readonly code: 'date-in-past'; readonly field: string }
  | { readonly code: 'merge-target-missing' }
  | { readonly code: 'merge-target-ended' }
  | { readonly code: 'drill-and-real' }
  | { readonly code: 'not-a-drill' }
  | { readonly code: 'too-late'; readonly within: string }
  | { readonly code: 'same-level' };

export type RefusalCode = Refusal['code'];
