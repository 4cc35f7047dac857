import { expect, it } from 'vitest';
import { hasAbility } from '../../src/identity/abilities.ts';
import { ROLES } from '../../src/identity/actor.ts';

const who = (ability: Parameters<typeof hasAbility>[1]) => ROLES.filter((role) => hasAbility(role, ability));

it('lets those report whom the desk takes reports from', () => {
  expect(who('report')).toEqual(['gridWorker', 'community', 'subdistrict', 'district']);
});

it('lets auditor and administrator read only, and nobody but the administrator import', () => {
  expect(who('move')).not.toContain('auditor');
  expect(who('move')).not.toContain('admin');
  expect(who('uploadPhoto')).not.toContain('auditor');
  expect(who('uploadPhoto')).not.toContain('admin');
  expect(who('import')).toEqual(['admin']);
});

it('lets the district and the administrator change calendar and limits', () => {
  expect(who('settings')).toEqual(['district', 'admin']);
});
