/** People and papers of 共建共治 as the service sends them. */
import type { AgreementState, AgreementVerb } from '../../../src/cobuild/chain/agreement.ts';
import type { CommitteeVerb, Tier } from '../../../src/cobuild/chain/committee.ts';
import type { AgendaItem, ConferenceState, ConferenceVerb } from '../../../src/cobuild/chain/conference.ts';
import type { LeaderVerb } from '../../../src/cobuild/chain/leader.ts';
import type { Link } from '../../../src/cobuild/chain/links.ts';
import type { MemberState, MemberVerb, OrgKind } from '../../../src/cobuild/chain/member.ts';
import type { ResolutionState, ResolutionVerb } from '../../../src/cobuild/chain/resolution.ts';
import type { LoggedMove } from '../../shared/cobuild/types.ts';
import type { Time } from '../../shared/types.ts';

export type { AgendaItem };

export interface Committee {
  readonly code: string;
  readonly version: number;
  readonly state: 'active' | 'dissolved';
  readonly tier: Tier;
  readonly place: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly founded: string | null;
  readonly calendarPath: string;
  readonly may: readonly CommitteeVerb[];
  readonly mayPropose: boolean;
  readonly members: number;
  readonly ending: number;
  readonly proposed: number;
  readonly agreements: number;
  readonly openResolutions: number;
  readonly overdueResolutions: number;
  /** Of this quarter; null: none is set. */
  readonly conference: { readonly code: string; readonly state: ConferenceState; readonly startsAt: Time } | null;
}

export interface Member {
  readonly code: string;
  readonly version: number;
  readonly state: MemberState;
  readonly committee: string;
  readonly place: string;
  readonly orgZh: string;
  readonly orgEn: string;
  readonly orgKind: OrgKind | null;
  readonly personZh: string;
  readonly personEn: string;
  readonly postZh: string;
  readonly postEn: string;
  readonly unit: string | null;
  readonly appointed: string | null;
  readonly termEnd: string | null;
  readonly certificate: string | null;
  readonly inTerm: boolean;
  readonly endsInDays: number | null;
  readonly mine: boolean;
  readonly may: readonly MemberVerb[];
}

export interface Certificate {
  readonly number: string;
  readonly from: string;
  readonly until: string;
  readonly endedOn: string | null;
  readonly issuedAt: Time;
  /** Below the address of the service: what the QR code says. */
  readonly checkPath: string;
}

export interface MemberDetail extends Member {
  readonly committeeZh: string;
  readonly committeeEn: string;
  readonly tier: Tier;
  readonly certificates: readonly Certificate[];
  readonly moves: readonly LoggedMove[];
}

export interface Conference {
  readonly code: string;
  readonly version: number;
  readonly state: ConferenceState;
  readonly committee: string;
  readonly place: string;
  readonly quarter: string;
  readonly startsAt: Time;
  readonly venueZh: string;
  readonly venueEn: string;
  readonly agenda: readonly AgendaItem[];
  readonly minutes: string;
  readonly attended: readonly string[];
  readonly members: number;
  readonly coming: number;
  readonly absent: number;
  readonly myReply: boolean | null;
  readonly may: readonly ConferenceVerb[];
}

export interface ConferenceDetail extends Conference {
  readonly mayResolve: boolean;
  readonly replies: readonly { readonly member: string; readonly coming: boolean; readonly note: string; readonly at: Time }[];
  readonly moves: readonly LoggedMove[];
}

export interface Resolution {
  readonly code: string;
  readonly version: number;
  readonly state: ResolutionState;
  readonly conference: string;
  readonly committee: string;
  readonly place: string;
  readonly text: string;
  readonly owner: string;
  readonly dueOn: string;
  readonly overdue: boolean;
  readonly progress: string;
  readonly outcome: string;
  readonly may: readonly ResolutionVerb[];
}

export interface Agreement {
  readonly code: string;
  readonly version: number;
  readonly state: AgreementState;
  readonly committee: string;
  readonly committeeZh: string;
  readonly committeeEn: string;
  readonly place: string;
  readonly member: string;
  readonly orgZh: string;
  readonly orgEn: string;
  readonly links: readonly Link[];
  readonly from: string;
  readonly until: string;
  readonly signedOn: string | null;
  readonly commitmentZh: string;
  readonly commitmentEn: string;
  readonly becomes: { readonly kind: 'need' | 'resource'; readonly code: string } | null;
  readonly renewal: { readonly until: string; readonly by: 'office' | 'member' } | null;
  readonly endsInDays: number | null;
  readonly may: readonly AgreementVerb[];
}

export interface Board {
  readonly community: string;
  readonly open: number;
  readonly overdue: number;
  readonly told: number;
  readonly worstMinutes: number | null;
  readonly committee: string | null;
  readonly overdueResolutions: number;
  readonly endingTerms: number;
}

export interface Leader {
  readonly code: string;
  readonly version: number;
  readonly subdistrict: string;
  readonly personZh: string;
  readonly personEn: string;
  readonly postZh: string;
  readonly postEn: string;
  readonly communities: readonly string[];
  readonly mine: boolean;
  readonly may: readonly LeaderVerb[];
  readonly board: readonly Board[];
}
