/** What the service sends and takes, as the pages see it. Times are RFC 3339 UTC, positions WGS-84. */
import type { AssignmentState, ClockName, State, Verb } from '../../src/dispatch/chain/states.ts';
import type { Level, PhotoRef, Position, Time } from '../../src/dispatch/chain/incident.ts';
import type { Ownership } from '../../src/grid/responsibility.ts';
import type { Role } from '../../src/identity/actor.ts';
import type { PersonCommand } from '../../src/dispatch/chain/commands.ts';

export type { AssignmentState, ClockName, Level, PersonCommand, Position, Role, State, Time, Verb };
export type { MoveItem, ServerFrame } from '../../src/ws/frames.ts';
export type Locale = 'zh-CN' | 'en';

/** A list answer; `next` is the `after` of the following page. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** Who is signed in. Codes have 9 (subdistrict), 12 (community) and 15 (cell) digits. */
export interface Me {
  readonly account: string;
  readonly role: Role;
  readonly district: number;
  readonly subdistrict?: string;
  readonly community?: string;
  readonly cell?: string;
  readonly unit?: string;
  readonly communities?: readonly string[];
  readonly nameZh?: string;
  readonly nameEn?: string;
  /** What the role may do outside the chain. */
  readonly may?: readonly ('report' | 'uploadPhoto' | 'move' | 'import' | 'settings' | 'readWholeDistrict')[];
}

export interface WireAssignment {
  readonly id: string;
  readonly unit: string;
  readonly role: 'lead' | 'assist';
  readonly state: AssignmentState;
  /** Until when the unit should acknowledge (assigned) or be there (acknowledged, enRoute). */
  readonly until?: Time | null;
  readonly assignedAt?: Time;
  readonly acknowledgedAt?: Time;
  readonly departedAt?: Time;
  readonly arrivedAt?: Time;
  readonly finishedAt?: Time;
  readonly declinedAt?: Time;
  readonly releasedAt?: Time;
  /** Which dispatch of the incident it belongs to, from 1. */
  readonly dispatch?: number;
  /** How often an acknowledgement ran out unused. */
  readonly lapses?: number;
}

export interface WireDeadline {
  readonly clock: ClockName | 'total';
  readonly dueAt: Time;
  readonly startedAt: Time;
  /** Counted milliseconds: working or continuous ones, by `kind`. */
  readonly limitMs: number;
  readonly kind: 'working' | 'continuous';
  /** How long it stood still so far, plain milliseconds. */
  readonly pausedMs?: number;
}

/** 督办: asks the holder for an answer. */
export interface WireSupervision {
  /** What `replyTo` of a comment names. */
  readonly version: number;
  readonly level: number;
  readonly at: Time;
  readonly by: string;
  readonly repliedAt: Time | null;
  /** The caller may answer it. */
  readonly mayReply: boolean;
}

export interface WirePhoto {
  readonly id: string;
  readonly kind: PhotoRef['kind'];
  readonly at: Time;
}

/** A voice note of the report, or one that was added. */
export interface WireVoice {
  readonly id: string;
  readonly at: Time;
}

/** An incident as far as the caller may see it; `may` is what the caller may do with it now. */
export interface WireIncident {
  readonly id: string;
  readonly number: string;
  readonly state: State;
  readonly step: string | null;
  readonly level: Level;
  readonly version: number;
  /** Row of the category table, for example `C0101-01`. */
  readonly category: string;
  readonly description: string;
  readonly position: Position;
  readonly cell: string;
  readonly community: string;
  readonly subdistrict: string;
  /** 权属; null: nobody said. */
  readonly ownership?: Ownership | null;
  readonly foundAt: Time;
  readonly reportedAt: Time;
  readonly closedAt: Time | null;
  readonly reportedBy?: string;
  /** 演练. Absent in what a device kept from before there were drills. */
  readonly drill?: boolean;
  readonly lead?: string | null;
  /** Alarms sent in this dispatch, from 1. */
  readonly alarm?: number;
  readonly assignments: readonly WireAssignment[];
  readonly deadlines: readonly WireDeadline[];
  readonly photos: readonly WirePhoto[];
  /** Absent in what a device has kept from before there were any. */
  readonly voices?: readonly WireVoice[];
  readonly overdue: boolean;
  readonly stateSince?: Time;
  /** Why it may be closed: spot, evidence, checked or forced. */
  readonly proof?: string | null;
  readonly score?: number | null;
  /** Account that was asked to check or to verify; told to communities and up, and to itself. */
  readonly checker?: string | null;
  readonly verified?: boolean | null;
  readonly raised?: boolean;
  /** Highest 督办 level so far, 0 for none. */
  readonly supervised?: number;
  readonly supervisions?: readonly WireSupervision[];
  /** The newest monthly review of a suspension. */
  readonly review?: { readonly askedAt: Time; readonly answerBy: Time; readonly answeredAt: Time | null } | null;
  /** Who has to act next, for example `unit:drainage-1`. */
  readonly holder?: string | null;
  readonly extensions?: number;
  readonly extensionAsked?: { readonly byMs: number; readonly reason: string; readonly at: Time } | null;
  readonly forceCloseProposed?: { readonly at: Time; readonly reason: string } | null;
  readonly arbitration?: { readonly state: string; readonly unit?: string; readonly ruling?: string } | null;
  readonly declinedBy?: readonly string[];
  readonly suspendedUntil?: Time | null;
  readonly mergedInto?: string | null;
  readonly referredTo?: string | null;
  /** How often the same kind was reported here before; only where one incident was asked for, or reported. */
  readonly recurrence?: { readonly count: number; readonly since: Time } | null;
  readonly may: readonly Verb[];
}

/** One line of an incident's log. */
export interface WireMove {
  readonly seq: number;
  readonly version: number;
  readonly verb: Verb;
  readonly from: State | null;
  readonly to: State;
  readonly at: Time;
  readonly actor: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A row of the category table: what may be reported, how grave it is, how long it may take. */
export interface Category {
  readonly code: string;
  readonly category: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly classZh?: string;
  readonly classEn?: string;
  readonly openZh: string;
  readonly openEn: string;
  readonly closeZh: string;
  readonly closeEn: string;
  readonly level: Level;
  readonly limitValue: number;
  readonly limitUnit: 'minutes' | 'hours' | 'workdays';
  readonly clock: 'working' | 'continuous';
  readonly settleOnSpot: boolean;
  readonly evidenceClose: boolean;
  readonly keywords: readonly string[];
}

export interface Place {
  readonly cell: { readonly code: string; readonly nameZh: string; readonly nameEn: string };
  readonly community: { readonly code: string; readonly nameZh: string; readonly nameEn: string };
  readonly subdistrict: { readonly code: string; readonly nameZh: string; readonly nameEn: string };
}

export interface Unit {
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly type: string;
  readonly position?: Position;
}
