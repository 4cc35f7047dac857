/** Resources, projects, appraisals and plans as the service sends them; needs and activities, which the field page reads too, stand in `shared/cobuild/types.ts`. */
import type { Direction } from '../../../src/cobuild/chain/appraisal.ts';
import type { BookingState, ResourceKind } from '../../../src/cobuild/chain/booking.ts';
import type { Link } from '../../../src/cobuild/chain/links.ts';
import type { PlanLevel, Standing } from '../../../src/cobuild/chain/plan.ts';
import type { ProjectState, TaskState } from '../../../src/cobuild/chain/project.ts';
import type { Level, Time } from '../../shared/types.ts';

export interface Resource {
  readonly code: string;
  readonly member: string;
  readonly orgZh: string;
  readonly orgEn: string;
  readonly committee: string;
  readonly place: string;
  readonly kind: ResourceKind;
  readonly nameZh: string;
  readonly nameEn: string | null;
  readonly quantity: number;
  readonly unitZh: string;
  readonly unitEn: string | null;
  readonly hours: string;
  readonly noticeMinutes: number;
  readonly community: string;
  readonly position: { readonly lng: number; readonly lat: number };
  readonly callable: boolean;
  readonly standsForType: string | null;
  readonly conditionZh: string | null;
  readonly conditionEn: string | null;
  readonly version: number;
  readonly freeNow: number;
  readonly may: readonly string[];
  readonly mayBook: boolean;
}

export interface Booking {
  readonly code: string;
  readonly resource: string;
  readonly quantity: number;
  readonly from: Time;
  readonly until: Time;
  readonly purpose: string;
  readonly place: string;
  readonly incident: string | null;
  readonly reason: string | null;
  readonly assignment: string | null;
  readonly endedAt: Time | null;
  readonly state: BookingState;
  readonly version: number;
  readonly may: readonly string[];
}

export interface Assist {
  readonly assignment: string;
  readonly incident: string;
  readonly number: string;
  readonly category: string;
  readonly level: Level;
  readonly description: string;
  readonly place: string;
  readonly unit: string;
  readonly state: string;
  readonly until: Time | null;
  readonly of: 'claim' | 'booking';
  readonly code: string;
  readonly may: readonly string[];
}

export interface PlanItem {
  readonly code: string;
  readonly parent: string | null;
  readonly level: PlanLevel;
  readonly place: string;
  readonly ownerUnit: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly starts: string;
  readonly ends: string;
  readonly measureZh: string;
  readonly measureEn: string;
  readonly target: number;
  readonly done: number;
  readonly plannedPercent: number;
  readonly actualPercent: number;
  readonly gap: number;
  readonly state: Standing;
  readonly version: number;
  readonly mayReport: boolean;
}

export interface AppraisalSide {
  readonly state: 'none' | 'draft' | 'given';
  readonly mayWrite: boolean;
  readonly scores: Readonly<Record<string, number>> | null;
  readonly mean: number | null;
  readonly comment: string | null;
  readonly at: Time | null;
}
export interface AppraisalRow {
  readonly member: string;
  readonly committee: string;
  readonly place: string;
  readonly orgZh: string;
  readonly orgEn: string;
  readonly shown: boolean;
  readonly ofUnit: AppraisalSide;
  readonly ofCommittee: AppraisalSide;
  readonly facts: {
    readonly claimsDue: number;
    readonly claimsKept: number;
    readonly confirmed: number;
    readonly givenBack: number;
    readonly lapsed: number;
    readonly score: number | null;
    readonly sent: number;
    readonly inTime: number;
    readonly declined: number;
    readonly hours: number;
    readonly tasksConfirmed: number;
  };
  readonly committeeFacts: {
    readonly needs: number;
    readonly fulfilled: number;
    readonly confirmations: number;
    readonly daysToConfirm: number | null;
    readonly waiting: number;
    readonly activities: number;
  };
}
export interface AppraisalPage {
  readonly quarter: string;
  readonly opens: string;
  readonly closes: string;
  readonly criteria: Readonly<Record<Direction, readonly { readonly code: string; readonly zh: string; readonly en: string }[]>>;
  readonly items: readonly AppraisalRow[];
}

export interface ProjectTask {
  readonly code: string;
  readonly titleZh: string;
  readonly titleEn: string | null;
  readonly due: string;
  readonly overdue: boolean;
  readonly member: string | null;
  readonly percent: number;
  readonly note: string | null;
  readonly photos: readonly string[];
  readonly reason: string | null;
  readonly state: TaskState;
  readonly version: number;
  readonly may: readonly string[];
}
export interface Project {
  readonly code: string;
  readonly committee: string;
  readonly place: string;
  readonly link: Link;
  readonly titleZh: string;
  readonly titleEn: string | null;
  readonly note: string | null;
  readonly starts: string;
  readonly ends: string;
  readonly outcome: string | null;
  readonly state: ProjectState;
  readonly percent: number;
  readonly version: number;
  readonly tasks: readonly ProjectTask[];
  readonly may: readonly string[];
}
