/** Who acts: the account, what it may do (role) and where (scope). Pure: no store, no clock. */

export const ROLES = ['gridWorker', 'community', 'subdistrict', 'district', 'unit', 'member', 'leader', 'auditor', 'admin'] as const;
/** What a person may do. `system` and `resident` are nobody's account: the one makes the moves that follow by themselves, the other reports for people without one. */
export type Role = (typeof ROLES)[number];

/** An account as the rules see it. Codes are those of the organisation: 6, 9, 12 and 15 digits. */
export interface Actor {
  /** Sign-in name, for example `community.441802006001`; `system` for what runs by itself, `resident` for who has none. */
  readonly account: string;
  readonly role: Role | 'system' | 'resident';
  readonly district: number;
  /** 9-digit code; set for gridWorker, community, subdistrict. */
  readonly subdistrict?: string;
  /** 12-digit code; set for gridWorker, community. */
  readonly community?: string;
  /** 15-digit code; set for gridWorker. */
  readonly cell?: string;
  /** Unit code; set for role unit. */
  readonly unit?: string;
  /** 12-digit codes that a linked leader looks after, or of a member's committee. */
  readonly communities?: readonly string[];
}

/** The actor of moves that nobody makes: follow-ups and deadlines. */
export function systemActor(district: number): Actor {
  return { account: 'system', role: 'system', district };
}

/** The actor of what residents report without an account. It reports and does nothing else: nobody signs in as it, and it sees nothing. */
export function residentActor(district: number): Actor {
  return { account: 'resident', role: 'resident', district };
}
