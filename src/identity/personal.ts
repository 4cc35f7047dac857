/** Whom an account names, and who is told. Pure. */
import type { Actor } from './actor.ts';

/** Roles that are told which account reported, checked or saw something; everybody knows it of their own. */
export const TOLD_ACCOUNTS: ReadonlySet<Actor['role']> = new Set(['community', 'subdistrict', 'district', 'leader', 'auditor', 'admin']);

/** Accounts of a community, a unit or an office name no person; that of a grid worker is one person's. */
const PERSONAL = /^(grid|leader|member)\./;

/** What an account is, where the person is not named. */
export function kindOf(account: string): string {
  return PERSONAL.test(account) ? account.slice(0, account.indexOf('.')) : account;
}

/** The account as this actor is told it: of one that names a person, perhaps only its kind. */
export function accountAsTold(account: string, actor: Actor): string {
  return TOLD_ACCOUNTS.has(actor.role) || account === actor.account ? account : kindOf(account);
}
