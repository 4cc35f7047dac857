/** What each role may do outside the chain. Who may make which move of an incident is the chain's own table. */
import type { Actor, Role } from './actor.ts';

export type Ability = 'report' | 'uploadPhoto' | 'move' | 'import' | 'settings' | 'readWholeDistrict';

const ABILITIES = {
  gridWorker: ['report', 'uploadPhoto', 'move'],
  community: ['report', 'uploadPhoto', 'move'],
  subdistrict: ['report', 'uploadPhoto', 'move'],
  district: ['report', 'uploadPhoto', 'move', 'settings', 'readWholeDistrict'],
  unit: ['uploadPhoto', 'move'],
  leader: ['uploadPhoto', 'move'],
  member: ['uploadPhoto'],
  auditor: ['readWholeDistrict'],
  admin: ['import', 'settings', 'readWholeDistrict'],
} as const satisfies Record<Role, readonly Ability[]>;

export function abilitiesOf(role: Role): readonly Ability[] {
  return ABILITIES[role];
}

/** `system` is nobody's account: it makes its moves without asking here. `resident` reports. */
export function hasAbility(role: Actor['role'], ability: Ability): boolean {
  if (role === 'resident') return ability === 'report';
  return role !== 'system' && abilitiesOf(role).includes(ability);
}
