/** What must hold for run cards: targets exist, every row has its card, the card sends what the row asks for, and its radius reaches. Pure. */
import { distanceM } from '../nearest.ts';
import { type Finding, finding } from './findings.ts';
import { doubled, type Numbered } from './read-rows.ts';
import type { CategoryRow, RunCardRow, UnitRow } from './rows.ts';

/** Subdistrict, district, leader: who is told at once, by level. */
const TOLD = { R1: '1 1 1', R2: '1 0 0', R3: '0 0 0', R4: '0 0 0' } as const satisfies Record<RunCardRow['level'], string>;
const LEVELS = ['R1', 'R2', 'R3', 'R4'] as const;

export interface CardWorld {
  readonly unitTypes: ReadonlyMap<string, unknown>;
  readonly categories: readonly CategoryRow[];
  readonly units: readonly UnitRow[];
  /** The middle of each cell, and the subdistrict that it belongs to. */
  readonly cells: readonly { readonly subdistrict: string; readonly lng: number; readonly lat: number }[];
}

export function checkRunCards(rows: readonly Numbered<RunCardRow>[], world: CardWorld): Finding[] {
  const targets = {
    row: new Set(world.categories.map((row) => row.code)),
    category: new Set(world.categories.map((row) => row.category)),
    class: new Set(world.categories.map((row) => row.category.slice(0, 3))),
  };
  const found = doubled(rows, 'target', (card) => `${card.match} ${card.target} ${card.level}`);
  for (const { number, value: card } of rows) {
    const known = [...world.unitTypes.keys()].join(', ');
    if (!targets[card.match].has(card.target))
      found.push(finding(number, 'target', 'unknown', { value: card.target, expected: `categories: ${card.match}` }));
    if (card.code !== `${card.target}-${card.level}`) {
      found.push(finding(number, 'code', 'code-mismatch', { value: card.code, expected: `${card.target}-${card.level}` }));
    }
    for (const type of [card.lead_type, ...card.assisting.map(typeOf)]) {
      if (type !== 'row' && !world.unitTypes.has(type))
        found.push(finding(number, 'lead_type', 'unknown', { value: type, expected: known }));
    }
    const told = [card.subdistrict_told, card.district_told, card.leader_told].map(Number).join(' ');
    if (told !== TOLD[card.level])
      found.push(finding(number, 'subdistrict_told', 'wrong-told', { value: card.level, expected: TOLD[card.level] }));
  }
  const cards = new Map(rows.map((row) => [`${row.value.match} ${row.value.target} ${row.value.level}`, row]));
  for (const target of targets.class) {
    for (const level of LEVELS)
      if (!cards.has(`class ${target} ${level}`)) found.push(finding(null, 'target', 'card-missing', { value: `${target} ${level}` }));
  }
  const reach = new Map<string, number>();
  for (const row of world.categories) {
    const card =
      cards.get(`row ${row.code} ${row.level}`) ??
      cards.get(`category ${row.category} ${row.level}`) ??
      cards.get(`class ${row.category.slice(0, 3)} ${row.level}`);
    if (!card) found.push(finding(null, 'target', 'card-missing', { value: `${row.code} ${row.level}` }));
    else found.push(...checkCardFor(row, card, world, reach));
  }
  return found;
}

function checkCardFor(
  row: CategoryRow,
  { number, value: card }: Numbered<RunCardRow>,
  world: CardWorld,
  reach: Map<string, number>,
): Finding[] {
  const found: Finding[] = [];
  if (row.level === 'R1' || row.level === 'R2') {
    if (card.match === 'class') found.push(finding(number, 'match', 'card-too-general', { value: row.code }));
    if (card.lead_type !== row.lead_type)
      found.push(finding(number, 'lead_type', 'card-differs', { value: card.code, expected: row.lead_type }));
    const sent = card.assisting.map(typeOf);
    const left = row.assist_types.filter((type) => !sent.includes(type));
    if (left.length > 0) found.push(finding(number, 'assisting', 'card-differs', { value: card.code, expected: left.join(', ') }));
  }
  const lead = card.lead_type === 'row' ? row.lead_type : card.lead_type;
  const farthestKm = reach.get(lead) ?? farthest(lead, world) / 1000;
  reach.set(lead, farthestKm);
  if (farthestKm > card.radius_km)
    found.push(finding(number, 'radius_km', 'radius-short', { value: card.code, expected: farthestKm.toFixed(1) }));
  return found;
}

/** Metres from the worst-off cell to the nearest unit of the type that serves it; Infinity where none does. */
function farthest(type: string, { units, cells }: CardWorld): number {
  let worst = 0;
  for (const cell of cells) {
    let nearest = Infinity;
    for (const unit of units)
      if (unit.type === type && unit.scope.includes(cell.subdistrict)) nearest = Math.min(nearest, distanceM(cell, unit));
    worst = Math.max(worst, nearest);
  }
  return worst;
}

function typeOf(entry: string): string {
  return entry.split(':')[0]!;
}
