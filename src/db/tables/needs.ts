/** Tables of 需求清单: a row each as kysely sees it. Days are `YYYY-MM-DD`. */
import type { Generated } from 'kysely';

type Link = 'party' | 'resource' | 'problem' | 'security' | 'civility';

export interface NeedTable {
  district: number;
  code: string;
  committee: string;
  /** The committee's: 9 or 12 digits. */
  place: string;
  link: Link;
  title_zh: string;
  /** null where only Chinese was written. */
  title_en: string | null;
  note: string | null;
  quantity: number;
  unit_zh: string;
  unit_en: string | null;
  published_on: string;
  /** The last day. */
  due: string;
  /** Category code of the incidents that it answers, for example `S9896`. */
  from_category: string | null;
  /** The incident that it was made of. */
  incident: string | null;
  /** Of claims that hold; the database counts. */
  claimed: Generated<number>;
  confirmed: Generated<number>;
  /** When what is left over was handed to the conference. */
  conferred_at: Date | null;
  invited_at: Date | null;
  /** Account. */
  published_by: string;
  ended_at: Date | null;
  end_reason: string | null;
  state: 'open' | 'fulfilled' | 'withdrawn' | 'closed';
  version: number;
}

export interface ClaimTable {
  district: number;
  code: string;
  need: string;
  member: string;
  quantity: number;
  claimed_on: string;
  due: string;
  note: string | null;
  /** What was done, in the member's words. */
  delivery: string | null;
  photos: Generated<string[]>;
  delivered_at: Date | null;
  confirmed_at: Date | null;
  /** Account. */
  confirmed_by: string | null;
  score: number | null;
  /** Why it was given back, sent back or ended. */
  reason: string | null;
  /** Code under which it went to the incident. */
  unit: string | null;
  assignment: string | null;
  state: 'claimed' | 'delivered' | 'confirmed' | 'givenBack' | 'lapsed' | 'released';
  version: number;
}

/** What holds photos beside incidents. */
export interface PhotoHolderTable {
  district: number;
  /** Stands in `photo.incident`. */
  id: string;
  kind: string;
  code: string;
  place: string;
}

export interface NeedTables {
  need: NeedTable;
  claim: ClaimTable;
  photo_holder: PhotoHolderTable;
}
