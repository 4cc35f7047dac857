/** Tables of 共建共治: a row each as kysely sees it. Days are `YYYY-MM-DD`. */
import type { ColumnType, Generated } from 'kysely';

type Json<T = unknown> = ColumnType<T, string, string>;

export interface CobuildMoveTable {
  district: number;
  seq: Generated<number>;
  kind: string;
  object: string;
  version: number;
  verb: string;
  from_state: string;
  to_state: string;
  /** Account. */
  actor: string;
  at: Date;
  payload: ColumnType<Record<string, unknown>, string, never>;
}

/** What a key was answered. */
export interface CobuildAnswerTable {
  district: number;
  account: string;
  key: string;
  /** SHA-256 of what was asked. */
  digest: string;
  answer: Json;
  /** Whom the act still has to tell. */
  tells: ColumnType<unknown, string | null, string | null>;
  at: Date;
}

export interface CertificateTable {
  district: number;
  number: string;
  member: string;
  from_on: string;
  until_on: string;
  /** It stopped to hold before its last day. */
  ended_on: string | null;
  /** What the QR code carries beside the number. */
  check_key: string;
  issued_at: Date;
  /** Account. */
  issued_by: string;
}

export interface CertificateCounterTable {
  district: number;
  year: number;
  last: number;
}

export interface ConferenceTable {
  district: number;
  code: string;
  version: number;
  state: 'planned' | 'announced' | 'held' | 'cancelled';
  committee: string;
  /** `2026Q4`. */
  quarter: string;
  starts_at: Date;
  venue_zh: string;
  venue_en: string;
  agenda: Json;
  minutes: string;
  attended: string[];
}

export interface ConferenceReplyTable {
  district: number;
  conference: string;
  member: string;
  coming: boolean;
  note: string;
  at: Date;
}

export interface ResolutionTable {
  district: number;
  code: string;
  version: number;
  state: 'open' | 'closed' | 'dropped';
  conference: string;
  committee: string;
  text: string;
  /** `member:<code>`, `community:<code>` or `subdistrict:<code>`. */
  owner: string;
  due_on: string;
  progress: string;
  outcome: string;
}

export interface AgreementTable {
  district: number;
  code: string;
  version: number;
  state: 'offered' | 'active' | 'expired' | 'ended' | 'declined' | 'withdrawn';
  committee: string;
  member: string;
  links: string[];
  from_on: string;
  until_on: string;
  signed_on: string | null;
  commitment_zh: string;
  commitment_en: string;
  becomes_kind: 'need' | 'resource' | null;
  becomes_code: string | null;
  renewal_until: string | null;
  renewal_by: 'office' | 'member' | null;
}

export interface CobuildTables {
  cobuild_move: CobuildMoveTable;
  cobuild_answer: CobuildAnswerTable;
  certificate: CertificateTable;
  certificate_counter: CertificateCounterTable;
  conference: ConferenceTable;
  conference_reply: ConferenceReplyTable;
  resolution: ResolutionTable;
  agreement: AgreementTable;
}
