/** Tables of 活动联办 and 动态项目清单: a row each as kysely sees it. Days are `YYYY-MM-DD`. */
import type { Generated } from 'kysely';

type Link = 'party' | 'resource' | 'problem' | 'security' | 'civility';

export interface ActivityTable {
  district: number;
  code: string;
  committee: string;
  place: string;
  link: Link;
  title_zh: string;
  title_en: string | null;
  note: string | null;
  /** Where it is, in words. */
  venue: string;
  /** Members that organise it. */
  members: string[];
  starts_at: Date;
  ends_at: Date;
  capacity: number;
  /** People signed up; the database counts. */
  taken: Generated<number>;
  open_to: 'members' | 'everybody';
  photos: Generated<string[]>;
  outcome: string | null;
  reason: string | null;
  /** Account. */
  made_by: string;
  state: 'announced' | 'held' | 'cancelled';
  version: number;
}

/** Primary key: district, activity, id. */
export interface ActivitySignUpTable {
  district: number;
  activity: string;
  id: string;
  people: number;
  account: string | null;
  member: string | null;
  /** Personal data: for the organisers. */
  name: string | null;
  phone: string | null;
  /** sha-256 of the word by which a resident withdraws. */
  check_hash: Buffer | null;
  at: Date;
  state: 'signedUp' | 'withdrawn';
  /** How many of them came. */
  came: number | null;
}

export interface ProjectTable {
  district: number;
  code: string;
  committee: string;
  place: string;
  link: Link;
  title_zh: string;
  title_en: string | null;
  note: string | null;
  starts: string;
  ends: string;
  outcome: string | null;
  /** Account. */
  made_by: string;
  state: 'listed' | 'done' | 'dropped';
  version: number;
}

export interface ProjectTaskTable {
  district: number;
  code: string;
  project: string;
  title_zh: string;
  title_en: string | null;
  due: string;
  member: string | null;
  percent: Generated<number>;
  note: string | null;
  photos: Generated<string[]>;
  reason: string | null;
  delivered_at: Date | null;
  state: 'open' | 'claimed' | 'delivered' | 'confirmed' | 'dropped';
  version: number;
}

export interface ActivityTables {
  activity: ActivityTable;
  activity_sign_up: ActivitySignUpTable;
  project: ProjectTable;
  project_task: ProjectTaskTable;
}
