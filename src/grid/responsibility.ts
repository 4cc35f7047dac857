/**
 * 权责: who leads what where, by category × ownership × area. Pure.
 *
 * Of the rules that fit, the most specific holds. Compared in this order [ours]: the smaller area first, because what was settled in one
 * place was settled by people who know it; then a named ownership, because it decides who owes the work; then the narrower category.
 */

/** 权属 in the order in which a form offers them. */
export const OWNERSHIPS = [
  { code: 'municipal', zh: '市政公用', en: 'municipal' },
  { code: 'utility', zh: '水电气讯企业', en: 'utility company' },
  { code: 'property', zh: '物业管理', en: 'property-managed' },
  { code: 'village', zh: '村集体', en: 'village collective' },
  { code: 'private', zh: '单位或个人自有', en: 'private' },
  { code: 'unknown', zh: '权属不明', en: 'unknown' },
] as const;
export type Ownership = (typeof OWNERSHIPS)[number]['code'];
export const OWNERSHIP_CODES = OWNERSHIPS.map((o) => o.code) as [Ownership, ...Ownership[]];

export const TARGET_KINDS = ['row', 'category', 'class'] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

export interface ResponsibilityRule {
  readonly id: string;
  readonly match: TargetKind;
  /** Row code, category code, or kind and class (`C01`), by `match`. */
  readonly target: string;
  /** null: whatever the ownership. */
  readonly ownership: Ownership | null;
  /** Code of the district (6 digits), of a subdistrict (9) or of a community (12). */
  readonly area: string;
  /** Unit that leads. */
  readonly unit: string;
  /** Where it is written: the document, the minutes, the rulings. */
  readonly source: string;
  /** From when it holds, RFC 3339 UTC. */
  readonly since: string;
}

export interface RuledIncident {
  /** Row of the category table. */
  readonly row: string;
  /** Its category. */
  readonly category: string;
  /** null: nobody said; counts as `unknown`. */
  readonly ownership: Ownership | null;
  readonly community: string;
}

/** The rule that holds for an incident; undefined if none fits. @param rules  those that have not ended. */
export function responsibleRule(
  rules: readonly ResponsibilityRule[],
  incident: RuledIncident,
  nowMs: number,
): ResponsibilityRule | undefined {
  let best: ResponsibilityRule | undefined;
  for (const rule of rules) {
    if (!fits(rule, incident) || Date.parse(rule.since) > nowMs) continue;
    if (best === undefined || compareSpecificity(rule, best) < 0) best = rule;
  }
  return best;
}

/** Negative if `a` is the more specific. Two open rules of one key cannot be, so among those that fit none are equal; ids decide all the same. */
export function compareSpecificity(a: ResponsibilityRule, b: ResponsibilityRule): number {
  return (
    b.area.length - a.area.length ||
    Number(a.ownership === null) - Number(b.ownership === null) ||
    TARGET_KINDS.indexOf(a.match) - TARGET_KINDS.indexOf(b.match) ||
    (a.id < b.id ? -1 : 1)
  );
}

function fits(rule: ResponsibilityRule, { row, category, ownership, community }: RuledIncident): boolean {
  const targets = { row, category, class: category.slice(0, 3) };
  return (
    rule.target === targets[rule.match] &&
    community.startsWith(rule.area) &&
    (rule.ownership === null || rule.ownership === (ownership ?? 'unknown'))
  );
}
