/** 包联领导, 挂点领导: who of the leadership looks after which communities. Every community has exactly one. Pure. */
import { type CobuildRefusal, refused } from './refusals.ts';
import { type Law, type Part, permit } from './table.ts';

export const LEADER_STATES = [
  { name: 'linked', zh: '包联中', en: 'linked', end: false },
  { name: 'relieved', zh: '已解除', en: 'relieved', end: true },
] as const;
export type LeaderState = (typeof LEADER_STATES)[number]['name'];

export const LEADER_MOVES = [
  { from: 'none', verb: 'link', to: 'linked', by: ['office', 'above'] },
  { from: 'linked', verb: 'amend', to: 'linked', by: ['office', 'above'] },
  { from: 'linked', verb: 'take', to: 'linked', by: ['office', 'above'] },
  { from: 'linked', verb: 'give', to: 'linked', by: ['office', 'above'] },
  { from: 'linked', verb: 'relieve', to: 'relieved', by: ['office', 'above'] },
] as const satisfies Law<LeaderState>['moves'];
export type LeaderVerb = (typeof LEADER_MOVES)[number]['verb'];
export const LEADER_LAW: Law<LeaderState, LeaderVerb> = { kind: 'leader', states: LEADER_STATES, moves: LEADER_MOVES };

export interface Leader {
  readonly code: string;
  readonly version: number;
  readonly state: LeaderState;
  readonly subdistrict: string;
  /** Personal data: by scope, in no frame. */
  readonly personZh: string;
  readonly personEn: string;
  readonly postZh: string;
  readonly postEn: string;
  readonly communities: readonly string[];
}

export type LeaderCommand =
  | { readonly verb: 'amend'; readonly personZh?: string; readonly personEn?: string; readonly postZh?: string; readonly postEn?: string }
  /** The community comes to this leader from whoever has it. */
  | { readonly verb: 'take'; readonly community: string }
  | { readonly verb: 'relieve'; readonly reason: string };

export interface DecidedLeader {
  readonly ok: true;
  readonly next: Leader;
  /** Who had the community, without it: one change for both. */
  readonly other: Leader | null;
}

/** @param holder  who has the community of a `take` now; null: nobody. */
export function decideLeader(
  leader: Leader,
  command: LeaderCommand,
  parts: ReadonlySet<Part>,
  holder: Leader | null,
): DecidedLeader | CobuildRefusal {
  const permitted = permit(LEADER_LAW, leader.state, command.verb, parts);
  if (!permitted.ok) return permitted;
  const next: Leader = { ...leader, version: leader.version + 1, state: permitted.move.to };
  switch (command.verb) {
    case 'amend': {
      const { verb: _, ...words } = command;
      return { ok: true, next: { ...next, ...words }, other: null };
    }
    case 'take': {
      const { community } = command;
      if (leader.communities.includes(community)) return refused('leader-has-it', { community });
      // A leader is one of the subdistrict's own leadership.
      if (!community.startsWith(leader.subdistrict)) return refused('unknown-area', { community });
      const other = holder && {
        ...holder,
        version: holder.version + 1,
        communities: holder.communities.filter((code) => code !== community),
      };
      return { ok: true, next: { ...next, communities: [...leader.communities, community].sort() }, other };
    }
    case 'relieve':
      return leader.communities.length > 0
        ? refused('leader-has-communities', { communities: leader.communities.length })
        : { ok: true, next, other: null };
  }
}
