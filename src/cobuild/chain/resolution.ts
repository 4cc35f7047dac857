/** 议定的事: what a conference resolved, as an item with an owner and a day; without an outcome it is not closed. Pure. */
import type { Day } from './days.ts';
import { type CobuildRefusal, refused } from './refusals.ts';
import { type Law, type Part, permit } from './table.ts';

export const RESOLUTION_STATES = [
  { name: 'open', zh: '办理中', en: 'under way', end: false },
  { name: 'closed', zh: '已办结', en: 'done', end: true },
  { name: 'dropped', zh: '不再办', en: 'dropped', end: true },
] as const;
export type ResolutionState = (typeof RESOLUTION_STATES)[number]['name'];

export const RESOLUTION_MOVES = [
  { from: 'none', verb: 'resolve', to: 'open', by: ['office'] },
  { from: 'open', verb: 'amend', to: 'open', by: ['office'] },
  { from: 'open', verb: 'progress', to: 'open', by: ['owner', 'office'] },
  { from: 'open', verb: 'close', to: 'closed', by: ['owner', 'office'] },
  { from: 'open', verb: 'drop', to: 'dropped', by: ['office'] },
  { from: 'closed', verb: 'reopen', to: 'open', by: ['office', 'above'] },
] as const satisfies Law<ResolutionState>['moves'];
export type ResolutionVerb = (typeof RESOLUTION_MOVES)[number]['verb'];
export const RESOLUTION_LAW: Law<ResolutionState, ResolutionVerb> = {
  kind: 'resolution',
  states: RESOLUTION_STATES,
  moves: RESOLUTION_MOVES,
};

/** Ours: three working-week days to still do something about it. */
export const DUE_WARNING_DAYS = 3;

/** `member:<code>`, `community:<code>` or `subdistrict:<code>`. */
export type Owner = `member:${string}` | `community:${string}` | `subdistrict:${string}`;

export interface Resolution {
  readonly code: string;
  readonly version: number;
  readonly state: ResolutionState;
  readonly conference: string;
  readonly committee: string;
  /** Of the committee. */
  readonly place: string;
  readonly text: string;
  readonly owner: Owner;
  readonly dueOn: Day;
  /** What was done so far, as last written. */
  readonly progress: string;
  /** What came of it; empty while it is open. */
  readonly outcome: string;
}

export type ResolutionCommand =
  | { readonly verb: 'amend'; readonly owner?: Owner; readonly dueOn?: Day; readonly reason: string }
  | { readonly verb: 'progress'; readonly note: string }
  | { readonly verb: 'close'; readonly outcome?: string }
  | { readonly verb: 'drop' | 'reopen'; readonly reason: string };

/** Late from the day after on; what is closed is never late. */
export function isOverdue({ state, dueOn }: Pick<Resolution, 'state' | 'dueOn'>, today: Day): boolean {
  return state === 'open' && dueOn < today;
}

/** @param knownOwner  the owner of an `amend` is one of those that may have it. */
export function decideResolution(
  resolution: Resolution,
  command: ResolutionCommand,
  parts: ReadonlySet<Part>,
  { today, knownOwner }: { readonly today: Day; readonly knownOwner: boolean },
): { readonly ok: true; readonly next: Resolution } | CobuildRefusal {
  const permitted = permit(RESOLUTION_LAW, resolution.state, command.verb, parts);
  if (!permitted.ok) return permitted;
  const next: Resolution = { ...resolution, version: resolution.version + 1, state: permitted.move.to };
  switch (command.verb) {
    case 'amend':
      if (command.owner !== undefined && !knownOwner) return refused('unknown-owner');
      if (command.dueOn !== undefined && command.dueOn < today) return refused('date-in-past');
      return { ok: true, next: { ...next, owner: command.owner ?? next.owner, dueOn: command.dueOn ?? next.dueOn } };
    case 'progress':
      return { ok: true, next: { ...next, progress: command.note } };
    case 'close': {
      const outcome = command.outcome?.trim() ?? '';
      return outcome === '' ? refused('outcome-missing') : { ok: true, next: { ...next, outcome } };
    }
    case 'drop':
      return { ok: true, next: { ...next, outcome: command.reason } };
    case 'reopen':
      return { ok: true, next: { ...next, outcome: '' } };
  }
}
