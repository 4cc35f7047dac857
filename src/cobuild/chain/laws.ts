/** Every object of 共建共治 that has states. The database's checks and the specs are compared with this list. Pure. */
import { ACTIVITY_LAW } from './activity.ts';
import { AGREEMENT_LAW } from './agreement.ts';
import { APPRAISAL_LAW } from './appraisal.ts';
import { BOOKING_LAW, RESOURCE_LAW } from './booking.ts';
import { COMMITTEE_LAW } from './committee.ts';
import { CONFERENCE_LAW } from './conference.ts';
import { LEADER_LAW } from './leader.ts';
import { MEMBER_LAW } from './member.ts';
import { CLAIM_LAW, NEED_LAW } from './need.ts';
import { PLAN_LAW } from './plan.ts';
import { PROJECT_LAW, TASK_LAW } from './project.ts';
import { RESOLUTION_LAW } from './resolution.ts';
import type { Law } from './table.ts';

export const LAWS: readonly Law[] = [
  COMMITTEE_LAW,
  MEMBER_LAW,
  LEADER_LAW,
  CONFERENCE_LAW,
  RESOLUTION_LAW,
  AGREEMENT_LAW,
  PLAN_LAW,
  NEED_LAW,
  CLAIM_LAW,
  RESOURCE_LAW,
  BOOKING_LAW,
  ACTIVITY_LAW,
  PROJECT_LAW,
  TASK_LAW,
  APPRAISAL_LAW,
];
