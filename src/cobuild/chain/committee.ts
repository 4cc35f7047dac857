/** 大工委 and 大党委: a committee of a subdistrict or a community. Its table of states, and what may change. Pure. */
import type { Actor } from '../../identity/actor.ts';
import { type CobuildRefusal, refused } from './refusals.ts';
import { maySeePlace } from './scope.ts';
import { type Law, type Part, permit } from './table.ts';

export const COMMITTEE_STATES = [
  { name: 'active', zh: '运行中', en: 'running', end: false },
  { name: 'dissolved', zh: '已撤销', en: 'dissolved', end: true },
] as const;
export type CommitteeState = (typeof COMMITTEE_STATES)[number]['name'];

/** Source: 「区域统筹」; a community's is founded by its subdistrict, a subdistrict's by the district. */
export const COMMITTEE_MOVES = [
  { from: 'none', verb: 'found', to: 'active', by: ['above'] },
  { from: 'active', verb: 'amend', to: 'active', by: ['above', 'office'] },
  { from: 'active', verb: 'dissolve', to: 'dissolved', by: ['above'] },
] as const satisfies Law<CommitteeState>['moves'];
export type CommitteeVerb = (typeof COMMITTEE_MOVES)[number]['verb'];
export const COMMITTEE_LAW: Law<CommitteeState, CommitteeVerb> = { kind: 'committee', states: COMMITTEE_STATES, moves: COMMITTEE_MOVES };

export const TIERS = ['subdistrict', 'community'] as const;
export type Tier = (typeof TIERS)[number];

export interface Committee {
  readonly code: string;
  readonly version: number;
  readonly state: CommitteeState;
  readonly tier: Tier;
  readonly place: string;
  readonly nameZh: string;
  readonly nameEn: string;
  /** Day; null when nobody has written it down. */
  readonly founded: string | null;
  /** Lets calendars subscribe to its conferences. */
  readonly calendarKey: string;
}

export type CommitteeCommand =
  { readonly verb: 'amend'; readonly nameZh?: string; readonly nameEn?: string } | { readonly verb: 'dissolve'; readonly reason: string };

/** Something may be started at it: it works, and the actor sees its place. Anything else is answered as if there were no such committee. */
export function isOpenTo(committee: Committee | null, actor: Actor): committee is Committee {
  return committee !== null && committee.state === 'active' && maySeePlace(actor, committee.place);
}

/** @param inUse  it has members in term, running agreements, or resolutions that are open. */
export function decideCommittee(
  committee: Committee,
  command: CommitteeCommand,
  parts: ReadonlySet<Part>,
  inUse: boolean,
): { readonly ok: true; readonly next: Committee } | CobuildRefusal {
  const permitted = permit(COMMITTEE_LAW, committee.state, command.verb, parts);
  if (!permitted.ok) return permitted;
  const next = { ...committee, version: committee.version + 1, state: permitted.move.to };
  if (command.verb === 'dissolve') return inUse ? refused('committee-in-use') : { ok: true, next };
  return { ok: true, next: { ...next, nameZh: command.nameZh ?? next.nameZh, nameEn: command.nameEn ?? next.nameEn } };
}
