/** The shapes the chain decides on. All times are RFC 3339 UTC strings with milliseconds, so that a document survives JSON unchanged. */
import type { Ownership } from '../../grid/responsibility.ts';
import type { Words } from './run-card-words.ts';
import type { AssignmentState, ClockName, State, Verb } from './states.ts';
import type { NoticeKind, Recipient, Share } from './told.ts';

export const LEVELS = ['R1', 'R2', 'R3', 'R4'] as const;
/** R1 特急 is the gravest. */
export type Level = (typeof LEVELS)[number];
export type Time = string;

export interface Position {
  readonly lng: number;
  readonly lat: number;
  readonly accuracyM?: number;
}

/** One unit sent to one incident. */
export interface Assignment {
  readonly id: string;
  readonly unit: string;
  readonly role: 'lead' | 'assist';
  readonly state: AssignmentState;
  /** Which dispatch of the incident it belongs to, from 1: a recalled incident is dispatched anew. */
  readonly dispatch: number;
  readonly assignedAt: Time;
  /** Until when the unit should acknowledge (assigned) or be there (acknowledged, enRoute). */
  readonly until: Time | null;
  readonly acknowledgedAt?: Time;
  readonly departedAt?: Time;
  readonly arrivedAt?: Time;
  readonly finishedAt?: Time;
  readonly declinedAt?: Time;
  readonly releasedAt?: Time;
  /** How often an acknowledgement ran out unused. */
  readonly lapses?: number;
}

/** An assignment that a move made or changed. */
export interface ChangedAssignment {
  readonly id: string;
  readonly unit: string;
  readonly role: 'lead' | 'assist';
  readonly state: AssignmentState;
  /** For `assigned`: until when it should be acknowledged. For `acknowledged`, `enRoute`: until when the unit should be there. */
  readonly until?: Time | null;
}

/** A time in which a clock stood still: 挂账, a check that then failed, or away from the unit that got it back. Rows are only ever added. */
export interface Pause {
  readonly from: Time;
  /** null as long as it stands still. */
  readonly to: Time | null;
  readonly why: 'suspended' | 'check' | 'away';
}

/** 延期 as granted. Rows are only ever added. */
export interface Extension {
  /** Counted milliseconds. */
  readonly byMs: number;
  readonly at: Time;
  /** Account that granted it. */
  readonly by: string;
  /** Where that account worked; logs from before it was kept have none. */
  readonly place?: Recipient;
}

/** What a clock is derived from, besides its limit. */
export interface ClockRows {
  readonly startedAt: Time;
  /** Share of the limit at which the ladder speaks next; absent: at the first, 50 %. `done`: it has spoken at the last. */
  readonly share?: Share | 'done';
  readonly pauses?: readonly Pause[];
  readonly extensions?: readonly Extension[];
  /** In logs from before there were rows: of the limit, what was granted later, and what was used before `startedAt`. */
  readonly extendedMs?: number;
  readonly usedMs?: number;
  /** In those logs, instead of `share`: the level of 督办 that it had caused. */
  readonly rung?: 0 | 1 | 2 | 3;
}

/** A running clock: the step clock starts anew at each hand-over to somebody else, the total clock never does. */
export interface Clock extends ClockRows {
  readonly name: ClockName | 'total';
  /** Counted milliseconds: of working time when `kind` is working, else of plain time. Extensions included. */
  readonly limitMs: number;
  readonly kind: 'working' | 'continuous';
  /** Derived: when the limit is used up. */
  readonly dueAt: Time;
  /** When this clock next makes the system do something; null only when it never will. */
  readonly rungAt: Time | null;
}

/** What a lead had of a step's clock when the step was left; it goes on if the same unit gets the step back. */
export interface Spent extends ClockRows {
  readonly to: Time;
}
export type LeadClock = 'acknowledge' | 'arrive' | 'resolve';
export interface SpentBy extends Partial<Readonly<Record<LeadClock, Spent>>> {
  readonly unit: string;
}

/** 督办: asks the holder for an answer. */
export interface Supervision {
  /** Version of the move, which a reply names. */
  readonly version: number;
  readonly level: 1 | 2 | 3;
  readonly at: Time;
  /** Account, or `system`. */
  readonly by: string;
  /** Where that account works: the reply goes there. Absent for the system's. */
  readonly place?: Recipient;
  readonly repliedAt: Time | null;
}

/** 挂账 looked at again, each month. */
export interface Review {
  /** How many were asked for in this suspension. */
  readonly count: number;
  readonly askedAt: Time;
  /** Unanswered by then, it is supervised. */
  readonly answerBy: Time;
  readonly answeredAt: Time | null;
  readonly supervised: boolean;
}

/** What the category's row says that later moves need; taken at the report so that a later edit of the table changes no running incident. */
export interface CategoryRules {
  /** The category's own level: its resolve limit holds only at this level. */
  readonly level: Level;
  readonly settleOnSpot: boolean;
  readonly evidenceClose: boolean;
  readonly resolveMs: number;
  readonly resolveKind: 'working' | 'continuous';
  readonly nuisance: boolean;
}

/** 处置前, 处置中, 处置后: of which phase of the work a unit's photos are. */
export const PHOTO_PHASES = ['before', 'during', 'after'] as const;
export type PhotoPhase = (typeof PHOTO_PHASES)[number];

export interface PhotoRef {
  readonly id: string;
  readonly kind: 'found' | PhotoPhase | 'evidence' | 'check';
  readonly by: string;
  readonly at: Time;
}

/** A voice note. */
export interface VoiceRef {
  readonly id: string;
  readonly by: string;
  readonly at: Time;
}

/** How far a place that was set by hand is from where the device found itself, and how sure that was, whole metres. Where the device was is not kept. */
export interface Measured {
  readonly distanceM: number;
  readonly accuracyM: number;
}

/** An incident as the fold of its moves. */
export interface Incident {
  readonly id: string;
  readonly number: string;
  readonly district: number;
  readonly version: number;
  readonly state: State;
  readonly level: Level;
  /** Row of the category table, for example `C0101-01`. */
  readonly category: string;
  readonly categoryRules: CategoryRules;
  readonly description: string;
  readonly position: Position;
  /** How far from there the reporter's device was, when the place was set by hand; null: it was not, or nobody knows. */
  readonly measured: Measured | null;
  readonly cell: string;
  readonly community: string;
  readonly subdistrict: string;
  /** 权属; null: nobody said. */
  readonly ownership: Ownership | null;
  readonly foundAt: Time;
  readonly reportedAt: Time;
  readonly reportedBy: string;
  /** 演练: everything runs as in earnest, and it is in no figure. Said by the report, never changed. */
  readonly drill: boolean;
  readonly closedAt: Time | null;
  /** Since when it is in its state. */
  readonly stateSince: Time;
  readonly photos: readonly PhotoRef[];
  readonly voices: readonly VoiceRef[];
  readonly assignments: readonly Assignment[];
  readonly dispatches: number;
  /** Which alarm the dispatch that runs has reached: 1, and one more for each further alarm. */
  readonly alarm: number;
  readonly clocks: { readonly step: Clock | null; readonly total: Clock | null };
  /** Why it may be closed. */
  readonly proof: 'spot' | 'evidence' | 'checked' | 'forced' | null;
  /** Accounts that handled it: none of them may check it. */
  readonly handlers: readonly string[];
  /** Account that was asked to check, or to verify. */
  readonly checker: string | null;
  readonly score: number | null;
  /** Units that used up their one decline here. */
  readonly declinedBy: readonly string[];
  readonly arbitration: { readonly state: 'pending' } | { readonly state: 'ruled'; readonly unit: string; readonly ruling: string } | null;
  readonly extensionAsked: {
    readonly byMs: number;
    readonly reason: string;
    readonly account: string;
    readonly at: Time;
    readonly place?: Recipient;
  } | null;
  readonly extensions: number;
  readonly forceCloseProposed: { readonly account: string; readonly at: Time; readonly reason: string } | null;
  readonly suspendedUntil: Time | null;
  /** The clocks that stand still while it is suspended. After an end that can be undone, the total clock, which then goes on. */
  readonly paused: { readonly step: Clock | null; readonly total: Clock | null } | null;
  readonly mergedInto: string | null;
  readonly referredTo: string | null;
  readonly raised: boolean;
  /** Highest 督办 level so far. */
  readonly supervised: 0 | 1 | 2 | 3;
  /** Each 督办, oldest first. */
  readonly supervisions: readonly Supervision[];
  /** The newest review of this suspension; null before the first, and when not suspended. */
  readonly review: Review | null;
  /** What leads had of their clocks, each unit once. */
  readonly spent: readonly SpentBy[];
  /** What the last verification found; null when none was asked or nobody answered in time. */
  readonly verified: boolean | null;
  /** R1 runs by itself: call, accept and dispatch by run card follow the report without a person, until a person takes over. */
  readonly automatic: boolean;
}

/** What the run card said when it was sent. */
export interface SentBy {
  /** Code of the card; null: the category's own types. */
  readonly code: string | null;
  /** Unit → why. */
  readonly why: Readonly<Record<string, Words>>;
  readonly short?: readonly { readonly role: 'lead' | 'assist' | 'card'; readonly wanted: string; readonly reason: Words }[];
  /** The rule of the table of responsibilities that names the lead. */
  readonly rule?: string;
}

/** One line of the log, as decided; `seq` and the hash come when it is written. */
export interface Move {
  readonly incident: string;
  /** Version of the incident after this move: 1 for the report. */
  readonly version: number;
  readonly verb: Verb;
  readonly from: State | 'none';
  readonly to: State;
  readonly actor: string;
  readonly at: Time;
  readonly payload: MovePayload;
}

/**
 * What a move says beyond its verb: the command's own fields and what was decided with them.
 * Only what the verb needs is set. The incident is the fold of these, so what is here once stays readable for ever.
 */
export interface MovePayload {
  /** First move only. */
  readonly reported?: Pick<
    Incident,
    | 'number'
    | 'district'
    | 'category'
    | 'categoryRules'
    | 'description'
    | 'position'
    | 'cell'
    | 'community'
    | 'subdistrict'
    | 'foundAt'
    | 'automatic'
  > & { readonly drill?: true; readonly measured?: Measured };
  readonly level?: Level;
  /** Clocks as they stand after the move; absent: unchanged. */
  readonly step?: Clock | null;
  readonly total?: Clock | null;
  /** Assignments made or changed, as they stand after the move. */
  readonly changed?: readonly ChangedAssignment[];
  /** Photo ids; their kind follows from the phase, where one is named, else from the verb. */
  readonly photos?: readonly string[];
  readonly phase?: PhotoPhase;
  readonly before?: readonly string[];
  readonly after?: readonly string[];
  /** Voice note ids. */
  readonly voices?: readonly string[];
  readonly reason?: string;
  readonly note?: string;
  readonly text?: string;
  /** The device's own time of a status press; never used for a clock. */
  readonly deviceAt?: string;
  readonly assignment?: string;
  readonly found?: boolean | null;
  readonly into?: string;
  readonly to?: string;
  readonly until?: string;
  readonly checker?: string | null;
  readonly score?: number;
  readonly by?: number;
  readonly grant?: boolean;
  readonly supervise?: 1 | 2 | 3;
  /** Of the ladder: which clock spoke, at which share of its limit; `repeat`: again after the last. */
  readonly clock?: 'step' | 'total';
  readonly share?: Share;
  readonly repeat?: true;
  /** Where the account works that asked or supervised: the answer goes there. */
  readonly place?: Recipient;
  /** Version of the 督办 that is answered. */
  readonly replyTo?: number;
  /** A review of the suspension: asked for, answered, or supervised. */
  readonly review?: true;
  readonly answerBy?: Time;
  readonly unit?: string;
  readonly ruling?: string;
  /** A force close that waits for a second person. */
  readonly proposed?: boolean;
  readonly paused?: Incident['paused'];
  readonly runCard?: boolean;
  /** Places that are told of the move besides the units that ring, and what of; both or none. */
  readonly told?: readonly Recipient[];
  readonly notice?: NoticeKind;
  readonly ownership?: Ownership;
  /** For a further alarm: which one, from 2. */
  readonly alarm?: number;
  /** Why these units: what the run card said of each, and what it could not fill. */
  readonly card?: SentBy;
  /** Units that were sent although nobody was on duty there. */
  readonly offDuty?: readonly string[];
}

/** The assignments of the dispatch that runs now (or ran last). */
export function currentAssignments(incident: Pick<Incident, 'assignments' | 'dispatches'>): readonly Assignment[] {
  return incident.assignments.filter((a) => a.dispatch === incident.dispatches);
}

/** The lead of the dispatch that runs now (or ran last). */
export function leadOf(incident: Incident): Assignment | undefined {
  return currentAssignments(incident).find((a) => a.role === 'lead');
}
