/** Whom an account names, and who is told. Pure. */
import type { Actor, Role } from './actor.ts';

/** Roles that are told which account reported, checked or saw something; everybody knows it of their own. */
export const TOLD_ACCOUNTS: ReadonlySet<Actor['role']> = new Set(['community', 'subdistrict', 'district', 'leader', 'auditor', 'admin']);

/** How an account begins that is one person's: so it is made, or it could pass for an office's. */
export const PERSONAL_PREFIX: Readonly<Partial<Record<Role, string>>> = { gridWorker: 'grid.', leader: 'leader.', member: 'member.' };

/** Accounts that name a place, a unit or an office. Every other one may name a person, also where nobody kept to the prefixes. */
const OFFICE = /^(?:(?:community|subdistrict|district|unit)\..+|system|resident|auditor|admin)$/;
const PERSONAL = /^(?:grid|leader|member)(?=\.)/;

/** What an account is, where the person is not named; `person` where the name does not say more. */
export function kindOf(account: string): string {
  return OFFICE.test(account) ? account : (PERSONAL.exec(account)?.[0] ?? 'person');
}

/** The account as this actor is told it: of one that names a person, perhaps only its kind. */
export function accountAsTold(account: string, actor: Actor): string {
  return TOLD_ACCOUNTS.has(actor.role) || account === actor.account ? account : kindOf(account);
}
