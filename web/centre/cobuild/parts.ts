/** The parts of 共建, in the order of their tabs. Each is loaded when it is first opened; its words are `centre.cobuild.parts.<name>`. */
import { defineAsyncComponent, type Component } from 'vue';
import type { Role } from '../../shared/types.ts';

export interface Part {
  /** As in the address: `?view=cobuild&part=<name>`. */
  readonly name: string;
  readonly roles: readonly Role[];
  readonly component: Component;
}

const ALL: readonly Role[] = ['community', 'subdistrict', 'district', 'leader', 'member', 'auditor', 'admin'];
const OFFICES: readonly Role[] = ['community', 'subdistrict', 'district', 'leader', 'auditor', 'admin'];

/** Both sides, and those who look at the whole. */
const APPRAISING: readonly Role[] = ['community', 'subdistrict', 'district', 'member', 'auditor', 'admin'];

const PARTS: readonly Part[] = [
  { name: 'needs', roles: ALL, component: defineAsyncComponent(() => import('./needs/NeedsPart.vue')) },
  { name: 'resources', roles: ALL, component: defineAsyncComponent(() => import('./resources/ResourcesPart.vue')) },
  { name: 'projects', roles: ALL, component: defineAsyncComponent(() => import('./projects/ProjectsPart.vue')) },
  { name: 'activities', roles: ALL, component: defineAsyncComponent(() => import('./activities/ActivitiesPart.vue')) },
  { name: 'appraisals', roles: APPRAISING, component: defineAsyncComponent(() => import('./appraisals/AppraisalsPart.vue')) },
  { name: 'plans', roles: ALL, component: defineAsyncComponent(() => import('./plans/PlansPart.vue')) },
  { name: 'committees', roles: ALL, component: defineAsyncComponent(() => import('./committees/CommitteesPart.vue')) },
  { name: 'conferences', roles: ALL, component: defineAsyncComponent(() => import('./conferences/ConferencesPart.vue')) },
  { name: 'agreements', roles: ALL, component: defineAsyncComponent(() => import('./agreements/AgreementsPart.vue')) },
  { name: 'leaders', roles: OFFICES, component: defineAsyncComponent(() => import('./leaders/LeadersPart.vue')) },
];

/** A leader begins with the communities that are theirs. */
export function partsOf(role: Role | null): readonly Part[] {
  const parts = PARTS.filter((part) => role !== null && part.roles.includes(role));
  return role === 'leader'
    ? [...parts.filter((part) => part.name === 'leaders'), ...parts.filter((part) => part.name !== 'leaders')]
    : parts;
}
