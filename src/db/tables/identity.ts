/** Tables of identity: a row each as kysely sees it. */
import type { ColumnType, Generated } from 'kysely';

export interface AccountTable {
  district: number;
  /** Sign-in name, for example `grid.441802006001001`. */
  account: string;
  role: 'gridWorker' | 'community' | 'subdistrict' | 'district' | 'unit' | 'member' | 'leader' | 'auditor' | 'admin';
  name_zh: string;
  name_en: string;
  /** 9 digits; gridWorker, community, subdistrict. */
  subdistrict: string | null;
  /** 12 digits; gridWorker, community. */
  community: string | null;
  /** 15 digits; gridWorker. */
  cell: string | null;
  /** Unit code; unit. */
  unit: string | null;
  /** 12-digit codes; leader, member. */
  communities: string[] | null;
  /** argon2id in PHC form. */
  password_hash: string;
  disabled: Generated<boolean>;
  /** When its places were last changed; null: never. */
  places_changed_at: Date | null;
  created_at: Generated<Date>;
}

export interface SessionTable {
  district: number;
  id: string;
  /** sha-256 of the token; the token itself is nowhere. */
  token_hash: Buffer;
  account: string;
  created_at: Generated<Date>;
  expires_at: Date;
  /** Signed out, or the account was disabled. A session that ran out keeps null. */
  ended_at: Date | null;
}

export interface SignInTriesTable {
  district: number;
  kind: 'account' | 'address';
  /** sha-256 of the name as typed, or of the address. */
  subject: Buffer;
  /** Tries that failed or are still being checked, within the window. */
  tried_at: Date[];
}

export interface AuditTable {
  district: number;
  id: Generated<number>;
  at: Generated<Date>;
  what: 'signed-in' | 'sign-in-failed' | 'locked-out' | 'signed-out' | 'account-disabled' | 'refused' | 'exported';
  /** Null when nobody is known by the name that was typed. */
  account: string | null;
  session: string | null;
  address: string | null;
  detail: ColumnType<unknown, string | undefined, never>;
}

export interface IdentityTables {
  account: AccountTable;
  session: SessionTable;
  sign_in_tries: SignInTriesTable;
  audit: AuditTable;
}
