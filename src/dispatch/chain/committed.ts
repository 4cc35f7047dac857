/** A move that is on disk, with what a follower needs to know of its incident: no personal data. */
import type { ChangedAssignment, Level, Time } from './incident.ts';
import type { State, Verb } from './states.ts';
import type { NoticeKind, Recipient } from './told.ts';

export interface CommittedMove {
  readonly district: number;
  /** Gapless per district, in commit order. */
  readonly seq: number;
  readonly incident: string;
  readonly number: string;
  readonly verb: Verb;
  readonly from: State | 'none';
  readonly to: State;
  readonly version: number;
  readonly level: Level;
  readonly cell: string;
  readonly community: string;
  readonly subdistrict: string;
  /** Account; decides scope, never sent. */
  readonly reportedBy: string;
  /** All units that are or were assigned; decides scope. */
  readonly units: readonly string[];
  readonly at: Time;
  /** 演练. */
  readonly drill?: true;
  readonly changed?: readonly ChangedAssignment[];
  /** Places that are told of it besides the units that ring, and what of; both or none. */
  readonly told?: readonly Recipient[];
  readonly notice?: NoticeKind;
  /** When the system has to look at the incident next. */
  readonly dueAt: Time | null;
}
