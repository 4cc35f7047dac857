/**
 * Every migration, in the order in which they run. A name that has shipped never changes, nor does its text: what is wrong in one is
 * mended by the next.
 */
import type { Migration } from 'kysely/migration';
import { up as rolesAndTime } from './0001-roles-and-time.ts';
import { up as identity } from './0002-identity.ts';
import { up as grid } from './0003-grid.ts';
import { up as dispatch } from './0004-dispatch.ts';
import { up as evidence } from './0005-evidence.ts';
import { up as push } from './0006-push.ts';
import { up as rosters } from './0008-rosters.ts';
import { up as responsibility } from './0009-responsibility.ts';
import { up as notices } from './0010-notices.ts';
import { up as places } from './0011-places.ts';
import { up as settings } from './0012-settings.ts';
import { up as voice } from './0013-voice.ts';
import { up as residents } from './0014-residents.ts';
import { up as outbound } from './0015-outbound.ts';
import { up as assessment } from './0016-assessment.ts';
import { up as drill } from './0017-drill.ts';
import { up as search } from './0018-search.ts';
import { up as committees } from './0019-committees.ts';
import { up as plans } from './0020-plans.ts';
import { up as needs } from './0021-needs.ts';
import { up as replay } from './0022-replay.ts';
import { up as activitiesProjects } from './0023-activities-projects.ts';
import { up as appraisals } from './0024-appraisals.ts';
import { up as resources } from './0025-resources.ts';
import { up as voiceUnbound } from './0026-voice-unbound.ts';
import { up as looseEvidence } from './0028-loose-evidence.ts';
import { up as openActivities } from './0030-open-activities.ts';
import { up as placesChanged } from './0031-places-changed.ts';
import { up as declinedSteps } from './0035-declined-steps.ts';
import { up as searchPending } from './0036-search-pending.ts';

export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-roles-and-time': { up: rolesAndTime },
  '0002-identity': { up: identity },
  '0003-grid': { up: grid },
  '0004-dispatch': { up: dispatch },
  '0005-evidence': { up: evidence },
  '0006-push': { up: push },
  '0008-rosters': { up: rosters },
  '0009-responsibility': { up: responsibility },
  '0010-notices': { up: notices },
  '0011-places': { up: places },
  '0012-settings': { up: settings },
  '0013-voice': { up: voice },
  '0014-residents': { up: residents },
  '0015-outbound': { up: outbound },
  '0016-assessment': { up: assessment },
  '0017-drill': { up: drill },
  '0018-search': { up: search },
  '0019-committees': { up: committees },
  '0020-plans': { up: plans },
  '0021-needs': { up: needs },
  '0022-replay': { up: replay },
  '0023-activities-projects': { up: activitiesProjects },
  '0024-appraisals': { up: appraisals },
  '0025-resources': { up: resources },
  '0026-voice-unbound': { up: voiceUnbound },
  '0028-loose-evidence': { up: looseEvidence },
  '0030-open-activities': { up: openActivities },
  '0031-places-changed': { up: placesChanged },
  '0035-declined-steps': { up: declinedSteps },
  '0036-search-pending': { up: searchPending },
};
