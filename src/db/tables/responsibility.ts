/** Tables of 权责: a row each as kysely sees it. */

type Ownership = 'municipal' | 'utility' | 'property' | 'village' | 'private' | 'unknown';

export interface ResponsibilityTable {
  district: number;
  id: string;
  match: 'row' | 'category' | 'class';
  /** Row code, category code, or kind and class (`C01`), by `match`. */
  target: string;
  /** null: whatever the ownership. */
  ownership: Ownership | null;
  /** 6, 9 or 12 digits. */
  area: string;
  unit: string;
  source: string;
  /** Account. */
  accepted_by: string;
  since: Date;
  ended_at: Date | null;
  /** Account. */
  ended_by: string | null;
  end_reason: string | null;
}

export interface ResponsibilityProposalTable {
  district: number;
  id: string;
  /** Category code, for example `C0101`. */
  category: string;
  community: string;
  unit: string;
  /** Which three equal rulings of this unit for this category and community, from 1. */
  nth: number;
  /** Where all three incidents have the same; else null. */
  ownership: Ownership | null;
  /** The three, in the order of their rulings. */
  incidents: string[];
  /** When the third ruling was given. */
  at: Date;
  answer: 'accepted' | 'refused' | null;
  answered_at: Date | null;
  answered_by: string | null;
  reason: string | null;
  /** The rule that it became. */
  rule: string | null;
}

export interface ResponsibilityTables {
  responsibility: ResponsibilityTable;
  responsibility_proposal: ResponsibilityProposalTable;
}
