/** The pages beside queue and map, in the order of the menu. Each is loaded when it is first opened. */
import { IconBell, IconCalendarCog, IconCalendarUser, IconChartBar, IconGavel, IconHeartHandshake, IconRepeat } from '@tabler/icons-vue';
import { defineAsyncComponent } from 'vue';
import type { Role } from '../shared/types.ts';
import type { CentreView } from './view.ts';

const VIEWS: readonly CentreView[] = [
  {
    name: 'notices',
    icon: IconBell,
    roles: ['community', 'subdistrict', 'district', 'leader', 'member'],
    page: defineAsyncComponent(() => import('./notices/NoticesPage.vue')),
  },
  {
    name: 'figures',
    icon: IconChartBar,
    roles: ['community', 'subdistrict', 'district', 'leader', 'member', 'auditor', 'admin'],
    page: defineAsyncComponent(() => import('./figures/FiguresPage.vue')),
  },
  {
    name: 'roster',
    icon: IconCalendarUser,
    roles: ['subdistrict', 'district', 'auditor', 'admin'],
    page: defineAsyncComponent(() => import('./roster/RosterPage.vue')),
  },
  {
    name: 'responsibility',
    icon: IconGavel,
    roles: ['district', 'subdistrict', 'community', 'leader', 'auditor', 'admin'],
    page: defineAsyncComponent(() => import('./responsibility/ResponsibilityPage.vue')),
  },
  {
    name: 'dossiers',
    icon: IconRepeat,
    roles: ['community', 'subdistrict', 'district', 'leader', 'member', 'auditor', 'admin'],
    page: defineAsyncComponent(() => import('./dossiers/DossiersPage.vue')),
  },
  {
    name: 'cobuild',
    icon: IconHeartHandshake,
    roles: ['community', 'subdistrict', 'district', 'leader', 'member', 'auditor', 'admin'],
    page: defineAsyncComponent(() => import('./cobuild/CobuildPage.vue')),
  },
  {
    name: 'settings',
    icon: IconCalendarCog,
    roles: ['district', 'admin'],
    page: defineAsyncComponent(() => import('./settings/SettingsPage.vue')),
  },
];

/** The pages that this role has. */
export function viewsOf(role: Role | null): readonly CentreView[] {
  return VIEWS.filter((v) => role !== null && v.roles.includes(role));
}
