/** What a move tells places that do not ring, as frames; and which inboxes an account reads. Pure. */
import { memberCode } from '../cobuild/chain/scope.ts';
import type { Level, Time } from '../dispatch/chain/incident.ts';
import type { Recipient } from '../dispatch/chain/told.ts';
import type { Actor } from '../identity/actor.ts';
import { encodeFrame, type PushedMove, type TextFrame } from './encode.ts';
import type { AnyNotice } from './notice-item.ts';

/**
 * Where a notice lies until somebody there has seen it: a place, for the linked leaders the community that they look after, and for a part-time
 * member (兼职委员) the member itself.
 */
export type Inbox = Exclude<Recipient, 'leader'> | `leader:${string}` | `member:${string}`;

export interface Notice {
  /** Of the move; below zero for what is in no log row. */
  readonly seq: number;
  readonly recipient: Inbox;
  readonly incident: string | null;
  readonly number: string | null;
  readonly level: Level | null;
  readonly notice: AnyNotice;
  readonly at: Time;
  readonly drill?: true;
}

/** A notice with the frame that says it. */
export interface NoticeSignal {
  readonly frame: TextFrame;
  readonly seq: number;
  readonly recipient: Inbox;
}

/** Codes only: what happened to whom is read by HTTP. */
export function signalOf({ seq, recipient, incident, number, level, notice, at, drill }: Notice): NoticeSignal {
  return { frame: encodeFrame({ type: 'notice', seq, incident, number, level, notice, at, ...(drill ? { drill } : {}) }), seq, recipient };
}

/** The notices of one move, one for each place that it tells. */
export function noticesOf(move: PushedMove): readonly Notice[] {
  const { told, notice } = move;
  if (told === undefined || notice === undefined) return NONE;
  const { seq, incident, number, level, at, drill } = move;
  return told.map((recipient) => ({
    seq,
    recipient: recipient === 'leader' ? `leader:${move.community}` : recipient,
    incident,
    number,
    level,
    notice,
    at,
    ...(drill ? { drill } : {}),
  }));
}

const NONE: readonly Notice[] = [];

/** The inboxes that are this account's own; none for those who only look. */
export function inboxesOf(actor: Actor): readonly Inbox[] {
  switch (actor.role) {
    case 'gridWorker':
      return actor.cell === undefined ? [] : [`cell:${actor.cell}`];
    case 'community':
      return actor.community === undefined ? [] : [`community:${actor.community}`];
    case 'subdistrict':
      return actor.subdistrict === undefined ? [] : [`subdistrict:${actor.subdistrict}`];
    case 'unit':
      return actor.unit === undefined ? [] : [`unit:${actor.unit}`];
    case 'leader':
      return (actor.communities ?? []).map((code): Inbox => `leader:${code}`);
    case 'district':
      return ['district'];
    case 'member': {
      const member = memberCode(actor);
      return member === null ? [] : [`member:${member}`];
    }
    case 'auditor':
    case 'admin':
    case 'system':
    case 'resident':
      return [];
  }
}
