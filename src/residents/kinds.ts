/** What residents may choose from, in their words, and which categories are nobody else's business. Pure. */

/** Of a row of the category table what is needed here. */
export interface KnownCategory {
  readonly code: string;
  readonly kind: 'component' | 'event' | 'security' | 'livelihood';
  readonly category: string;
  readonly nameZh: string;
  readonly level: 'R1' | 'R2' | 'R3' | 'R4';
  readonly keywords: readonly string[];
}

export interface ResidentKind {
  readonly kind: string;
  readonly zh: string;
  readonly en: string;
  /** Row of the category table. */
  readonly category: string;
}

/**
 * Things of the street that people report most, one row each [ours]. A district without the row does not offer the kind.
 * People, quarrels and homes are not among them: those are told to the community, or to the police.
 */
export const RESIDENT_KINDS: readonly ResidentKind[] = [
  { kind: 'cover', zh: '井盖', en: 'Manhole cover', category: 'C0123-01' },
  { kind: 'road', zh: '路面破损', en: 'Broken road', category: 'E0113-02' },
  { kind: 'light', zh: '路灯不亮', en: 'Street light out', category: 'C0137-03' },
  { kind: 'water', zh: '积水', en: 'Standing water', category: 'E0506-02' },
  { kind: 'drain', zh: '下水堵塞', en: 'Blocked drain', category: 'E0503-02' },
  { kind: 'rubbish', zh: '垃圾没清', en: 'Rubbish', category: 'E0110-01' },
  { kind: 'parking', zh: '车辆乱停', en: 'Bad parking', category: 'E0497-01' },
  { kind: 'fireLane', zh: '堵消防通道', en: 'Fire lane blocked', category: 'E0498-01' },
  { kind: 'stall', zh: '占道摆摊', en: 'Stalls on the pavement', category: 'E0406-01' },
  { kind: 'noise', zh: '店铺喇叭', en: 'Loud shop', category: 'E0128-01' },
  { kind: 'building', zh: '夜里施工', en: 'Building at night', category: 'E0301-01' },
  { kind: 'tree', zh: '树倒、断枝', en: 'Fallen tree', category: 'C0402-01' },
  { kind: 'falling', zh: '外墙要掉', en: 'About to fall', category: 'E0599-01' },
  { kind: 'toilet', zh: '公厕', en: 'Public toilet', category: 'C0301-02' },
];

/** R1 runs by itself up to the units' ringing: what nobody has looked at must not set that off [ours]. */
const mayBeReported = ({ level }: KnownCategory): boolean => level !== 'R1';

/** The kinds that this district can take. */
export function kindsOf(categories: ReadonlyMap<string, KnownCategory>): ResidentKind[] {
  return RESIDENT_KINDS.filter(({ category }) => {
    const row = categories.get(category);
    return row !== undefined && mayBeReported(row);
  });
}

/**
 * The row that a report belongs to: what was chosen, else what the words say.
 *
 * By words: the category with the longest name or keyword in them, and of its rows the gravest that may be reported; a grid worker or the
 * community looks at it in any case. A category that only has R1 rows is an emergency: it is not taken here.
 *
 * @returns null when nothing was chosen and the words say nothing.
 */
export function rowFor(
  report: { readonly kind?: string | undefined; readonly words: string },
  categories: ReadonlyMap<string, KnownCategory>,
): string | null {
  if (report.kind !== undefined) return kindsOf(categories).find(({ kind }) => kind === report.kind)?.category ?? null;
  let best: { row: KnownCategory; length: number } | null = null;
  for (const row of categories.values()) {
    if (isDiscreet(row)) continue;
    const length = Math.max(0, ...[row.nameZh, ...row.keywords].map((word) => (report.words.includes(word) ? word.length : 0)));
    const better =
      best === null || length > best.length || (length === best.length && row.category === best.row.category && graver(row, best.row));
    if (length >= SHORTEST_WORD && better) best = { row, length };
  }
  return best !== null && mayBeReported(best.row) ? best.row.code : null;
}

/** One character is in too many words. */
const SHORTEST_WORD = 2;

/** Of the rows of one category the gravest that may be reported; a row that may not never goes before one that may. */
function graver(row: KnownCategory, than: KnownCategory): boolean {
  if (mayBeReported(row) !== mayBeReported(than)) return mayBeReported(row);
  return row.level < than.level;
}

/**
 * Quarrels, safety of homes, people in need, noise at night: that there is such an incident at a place says something about those who live
 * there. Whoever has only a number is told neither what nor where, and nobody sees photos of it [ours].
 */
export function isDiscreet({ kind }: Pick<KnownCategory, 'kind'>): boolean {
  return kind === 'security' || kind === 'livelihood';
}
