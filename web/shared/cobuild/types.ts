/** Needs, activities and their log as the service sends them. */
import type { ActivityState, OpenTo } from '../../../src/cobuild/chain/activity.ts';
import type { Link } from '../../../src/cobuild/chain/links.ts';
import type { ClaimState, NeedStanding } from '../../../src/cobuild/chain/need.ts';
import type { Time } from '../types.ts';

export interface Claim {
  readonly code: string;
  readonly need: string;
  readonly member: string;
  readonly orgZh: string;
  readonly orgEn: string;
  readonly quantity: number;
  readonly claimedOn: string;
  readonly due: string;
  readonly overdue: boolean;
  readonly note: string | null;
  readonly delivery: string | null;
  readonly photos: readonly string[];
  readonly deliveredAt: Time | null;
  readonly confirmedAt: Time | null;
  readonly score: number | null;
  readonly reason: string | null;
  readonly unit: string | null;
  readonly assignment: string | null;
  readonly state: ClaimState;
  readonly version: number;
  readonly may: readonly string[];
}

export interface Need {
  readonly code: string;
  readonly committee: string;
  readonly place: string;
  readonly link: Link;
  readonly titleZh: string;
  readonly titleEn: string | null;
  readonly note: string | null;
  readonly quantity: number;
  readonly unitZh: string;
  readonly unitEn: string | null;
  readonly publishedOn: string;
  readonly due: string;
  readonly incident: string | null;
  readonly number: string | null;
  readonly claimed: number;
  readonly confirmed: number;
  readonly left: number;
  readonly state: NeedStanding;
  readonly overdue: boolean;
  readonly conferredAt: Time | null;
  readonly invitedAt: Time | null;
  readonly endReason: string | null;
  readonly version: number;
  readonly claims: readonly Claim[];
  readonly may: readonly string[];
  readonly mayClaim: boolean;
}

export interface Activity {
  readonly code: string;
  readonly committee: string;
  readonly place: string;
  readonly link: Link;
  readonly titleZh: string;
  readonly titleEn: string | null;
  readonly note: string | null;
  readonly venue: string;
  readonly members: readonly string[];
  readonly startsAt: Time;
  readonly endsAt: Time;
  readonly capacity: number;
  readonly taken: number;
  readonly openTo: OpenTo;
  readonly photos: readonly string[];
  readonly outcome: string | null;
  readonly reason: string | null;
  readonly state: ActivityState;
  readonly version: number;
  readonly signedUp: boolean;
  readonly may: readonly string[];
}

export interface LoggedMove {
  readonly version: number;
  readonly verb: string;
  readonly from: string;
  readonly to: string;
  readonly actor: string;
  readonly at: Time;
  readonly payload: Readonly<Record<string, unknown>>;
}
