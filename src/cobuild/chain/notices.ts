/** What 共建共治 tells people, over the same socket and in the same inboxes as the dispatch chain. Pure. */

import { NEEDS_NOTICES } from './needs-notices.ts';

/** About people and papers: terms, conferences, resolutions, agreements, linked leaders. */
export const PEOPLE_NOTICES = [
  'memberProposed',
  'memberAppointed',
  'termEnding',
  'termEnded',
  'conferenceMissing',
  'conferenceCalled',
  'conferenceCancelled',
  'conferenceHeld',
  'resolutionGiven',
  'resolutionDue',
  'resolutionOverdue',
  'resolutionClosed',
  'agreementOffered',
  'agreementAnswered',
  'agreementEnding',
  'agreementEnded',
  'renewalOffered',
  'leaderChanged',
] as const;

export const COBUILD_NOTICES = [...PEOPLE_NOTICES, ...NEEDS_NOTICES] as const;
export type CobuildNotice = (typeof COBUILD_NOTICES)[number];

/** A place or a member that is told; who works there is found by whoever delivers it. */
export type Told = `community:${string}` | `subdistrict:${string}` | `leader:${string}` | `member:${string}` | 'district';

export interface Telling {
  /** The same key is told once, however often and on however many nodes. */
  readonly key: string;
  readonly recipients: readonly Told[];
  readonly notice: CobuildNotice;
  /** Codes, dates and numbers only: `kind` and `code` of the object, `place` of its committee, and what a line needs to say it. */
  readonly about: Readonly<Record<string, string | number>>;
}
