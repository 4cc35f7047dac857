/** Every object of 共建共治 that has states. The database's checks and the specs are compared with this list. Pure. */
import { AGREEMENT_LAW } from './agreement.ts';
import { COMMITTEE_LAW } from './committee.ts';
import { CONFERENCE_LAW } from './conference.ts';
import { LEADER_LAW } from './leader.ts';
import { MEMBER_LAW } from './member.ts';
import { RESOLUTION_LAW } from './resolution.ts';
import type { Law } from './table.ts';

export const LAWS: readonly Law[] = [COMMITTEE_LAW, MEMBER_LAW, LEADER_LAW, CONFERENCE_LAW, RESOLUTION_LAW, AGREEMENT_LAW];
