/** Tables of residents: a row each as kysely sees it. */
import type { Generated } from 'kysely';

/** A district without a row allows nothing of it. */
export interface ResidentSettingTable {
  district: number;
  /** Anybody may report without an account. */
  may_report: boolean;
  /** Whoever has the code sees one photo before and one after, once it is closed. */
  see_photos: boolean;
  /** Anybody may sign up to activities that are open to everybody, with a name and a phone. */
  may_join: Generated<boolean>;
}

export interface ResidentKeyTable {
  district: number;
  /** 32 bytes; the codes of all links are made with it. */
  key: Buffer;
  made_at: Generated<Date>;
}

export interface RatingTable {
  district: number;
  incident: string;
  /** 1, and one more each time that the work was undone: see `roundOf`. */
  round: number;
  /** 3 满意, 2 一般, 1 没办好. */
  score: 1 | 2 | 3;
  comment: string | null;
  at: Generated<Date>;
  changed_at: Date | null;
  /** SHA-256 of what the device that rated keeps. */
  device: Buffer;
}

export interface ResidentQuotaTable {
  district: number;
  /** `district`, or the code of a community. */
  subject: string;
  taken: Date[];
}

export interface ResidentTables {
  resident_setting: ResidentSettingTable;
  resident_key: ResidentKeyTable;
  rating: RatingTable;
  resident_quota: ResidentQuotaTable;
}
