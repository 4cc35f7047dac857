/** 谁的账号给谁看: an account is shown in full only where it is known to name no person. */
import { describe, expect, it } from 'vitest';
import { type Actor, type Role, ROLES } from '../../src/identity/actor.ts';
import { accountAsTold, kindOf, PERSONAL_PREFIX, TOLD_ACCOUNTS } from '../../src/identity/personal.ts';

const actor = (role: Role, account = 'me'): Actor => ({ account, role, district: 441802 });

describe('an account', () => {
  it.each(['community.441802006001', 'subdistrict.441802006.2', 'district.441802', 'unit.fengcheng-police', 'system', 'auditor', 'admin'])(
    'of a place, a unit or an office is shown to everybody: %s',
    (account) => expect(kindOf(account)).toBe(account),
  );
  it.each([
    ['grid.441802006001001', 'grid'],
    ['leader.fengcheng-01', 'leader'],
    ['member.1', 'member'],
    ['zhang.san', 'person'],
    ['zhangsan', 'person'],
    ['communityzhang', 'person'],
    ['unit.', 'person'],
    ['administrator', 'person'],
    ['grid', 'person'],
  ])('that may be one person’s is told by its kind: %s', (account, kind) => expect(kindOf(account)).toBe(kind));

  it.each(ROLES)('that nobody knows: to a %s', (role) => {
    expect(accountAsTold('zhang.san', actor(role))).toBe(TOLD_ACCOUNTS.has(role) ? 'zhang.san' : 'person');
    expect(accountAsTold('zhang.san', actor(role, 'zhang.san'))).toBe('zhang.san');
  });

  it('made by the prefix of its role is never taken for an office’s', () => {
    const prefixes = Object.values(PERSONAL_PREFIX);
    expect(prefixes).toHaveLength(3);
    for (const prefix of prefixes) expect(kindOf(`${prefix}unit.x`)).toBe(prefix.slice(0, -1));
  });
});
