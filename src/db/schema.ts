/** Every table, by subject. The types are written by hand beside the migration that makes them: one source of truth less would be a generator more. */
import type { AssessmentTables } from './tables/assessment.ts';
import type { ActivityTables } from './tables/activities.ts';
import type { AppraisalTables } from './tables/appraisals.ts';
import type { CobuildTables } from './tables/cobuild.ts';
import type { DispatchTables } from './tables/dispatch.ts';
import type { EvidenceTables } from './tables/evidence.ts';
import type { GridTables } from './tables/grid.ts';
import type { IdentityTables } from './tables/identity.ts';
import type { NeedTables } from './tables/needs.ts';
import type { PlanTables } from './tables/plans.ts';
import type { OutboundTables } from './tables/outbound.ts';
import type { PushTables } from './tables/push.ts';
import type { ResidentTables } from './tables/residents.ts';
import type { ResourceTables } from './tables/resources.ts';
import type { ResponsibilityTables } from './tables/responsibility.ts';
import type { RosterTables } from './tables/rosters.ts';
import type { SettingsTables } from './tables/settings.ts';

export interface Schema
  extends
    AssessmentTables,
    CobuildTables,
    ActivityTables,
    AppraisalTables,
    NeedTables,
    PlanTables,
    ResourceTables,
    IdentityTables,
    GridTables,
    DispatchTables,
    EvidenceTables,
    OutboundTables,
    PushTables,
    ResidentTables,
    ResponsibilityTables,
    RosterTables,
    SettingsTables {}
