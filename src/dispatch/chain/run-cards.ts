/** 响应预案: whom to send, by category and level. Pure: names each choice and why, and what could not be filled. */
import type { NearestUnits, PlacedUnit } from '../../grid/nearest.ts';
import type { Incident, Level } from './incident.ts';

export interface Words {
  readonly zh: string;
  readonly en: string;
}

export interface RunCardRow {
  readonly code: string;
  readonly match: 'row' | 'category' | 'class';
  /** Row code, category code, or kind and class (`C01`), by `match`. */
  readonly target: string;
  readonly level: Level;
  /** A unit type, or `row`: the category row's own. */
  readonly leadType: string;
  readonly assisting: 'row' | readonly { readonly type: string; readonly count: number }[];
  /** Straight line from the incident to the unit's home. */
  readonly radiusKm: number;
}

export interface RunCardUnit extends PlacedUnit {
  readonly nameZh: string;
  readonly nameEn: string;
  readonly mayLead: boolean;
}

/** What a run card is looked up in and filled from. */
export interface RunCardBook {
  readonly runCards: readonly RunCardRow[];
  readonly units: ReadonlyMap<string, RunCardUnit>;
  readonly unitTypes: ReadonlyMap<string, { readonly nameZh: string; readonly nameEn: string }>;
  readonly nearest: NearestUnits<RunCardUnit>;
  category(code: string): { readonly category: string; readonly leadType: string; readonly assistTypes: readonly string[] } | undefined;
}

/** One place of the card: which type it wants, who was found. */
export interface Choice {
  /** Unit type. */
  readonly wanted: string;
  /** Unit code; null when nobody fits. */
  readonly chosen: string | null;
  readonly distanceM: number | null;
  readonly reason: Words;
}

export interface FilledCard {
  /** Code of the card; null when none fits and the category's own types were taken. */
  readonly card: string | null;
  readonly lead: Choice;
  readonly assisting: readonly Choice[];
  /** What could not be filled as the card has it. */
  readonly shortfalls: readonly { readonly role: 'lead' | 'assist' | 'card'; readonly wanted: string; readonly reason: Words }[];
}

/** The card for a category row at a level: the row's own, else its category's, else its class's. */
export function findRunCard(cards: readonly RunCardRow[], row: string, category: string, level: Level): RunCardRow | undefined {
  const targets = { row, category, class: category.slice(0, 3) };
  for (const match of ['row', 'category', 'class'] as const) {
    const card = cards.find((c) => c.match === match && c.target === targets[match] && c.level === level);
    if (card !== undefined) return card;
  }
  return undefined;
}

type Called = Pick<Incident, 'category' | 'level' | 'position' | 'subdistrict' | 'declinedBy' | 'arbitration'>;

/**
 * Fills the card for an incident: for each place the nearest unit of the wanted type that serves the subdistrict, within the card's
 * radius, each unit once. Who declined this incident is not asked again; who was ruled to be responsible leads.
 */
export function fillRunCard(incident: Called, book: RunCardBook, level: Level = incident.level): FilledCard {
  const row = book.category(incident.category);
  if (row === undefined) throw new RangeError(`no category ${incident.category}`);
  const card = findRunCard(book.runCards, incident.category, row.category, level);
  const radiusKm = card?.radiusKm ?? Infinity;
  const taken = new Set(incident.declinedBy);
  const choose = (wanted: string, role: 'lead' | 'assist') => chooseUnit(incident, book, { wanted, role, radiusKm, taken });

  const leadType = card === undefined || card.leadType === 'row' ? row.leadType : card.leadType;
  const lead = ruledLead(incident, book, leadType, taken) ?? choose(leadType, 'lead');
  const assistTypes =
    card === undefined || card.assisting === 'row' ? row.assistTypes : card.assisting.flatMap((a) => Array<string>(a.count).fill(a.type));
  const assisting = assistTypes.map((type) => choose(type, 'assist'));

  return {
    card: card?.code ?? null,
    lead,
    assisting,
    shortfalls: [
      ...(card === undefined ? [{ role: 'card' as const, wanted: incident.category, reason: noCard(level) }] : []),
      ...(lead.chosen === null ? [{ role: 'lead' as const, wanted: lead.wanted, reason: lead.reason }] : []),
      ...assisting.filter((a) => a.chosen === null).map((a) => ({ role: 'assist' as const, wanted: a.wanted, reason: a.reason })),
    ],
  };
}

interface Place {
  readonly wanted: string;
  readonly role: 'lead' | 'assist';
  readonly radiusKm: number;
  /** Units that are out: already chosen, or declined. */
  readonly taken: Set<string>;
}

function chooseUnit(incident: Called, book: RunCardBook, { wanted, role, radiusKm, taken }: Place): Choice {
  const type = typeName(book, wanted);
  const near = book.nearest.nearestUnits(incident.position, { type: wanted, covering: incident.subdistrict }, book.units.size);
  const none = (reason: Words): Choice => ({ wanted, chosen: null, distanceM: null, reason });
  if (near.length === 0) return none({ zh: `没有负责这个街镇的${type.zh}`, en: `No ${type.en} serves this subdistrict` });
  const free = near.find(({ unit }) => !taken.has(unit.code) && (role === 'assist' || unit.mayLead));
  if (free === undefined) {
    const all = near.every(({ unit }) => !unit.mayLead) && role === 'lead';
    if (all) return none({ zh: `${type.zh}只能协办`, en: `Every ${type.en} may only assist` });
    return none({
      zh: `负责这个街镇的${type.zh}都已派出或已退单`,
      en: `Every ${type.en} that serves this subdistrict is already sent or has declined`,
    });
  }
  const { unit, distanceM } = free;
  const km = (distanceM / 1000).toFixed(1);
  if (distanceM > radiusKm * 1000) {
    return none({
      zh: `最近的${unit.nameZh}在 ${km} 公里外，预案限 ${radiusKm} 公里`,
      en: `The nearest, ${unit.nameEn}, is ${km} km away; the card allows ${radiusKm} km`,
    });
  }
  taken.add(unit.code);
  return {
    wanted,
    chosen: unit.code,
    distanceM: Math.round(distanceM),
    reason: { zh: `最近的${type.zh}：${unit.nameZh}，${km} 公里`, en: `Nearest ${type.en}: ${unit.nameEn}, ${km} km` },
  };
}

/** After an arbitration nobody is searched for. */
function ruledLead({ arbitration }: Called, book: RunCardBook, wanted: string, taken: Set<string>): Choice | undefined {
  if (arbitration?.state !== 'ruled') return undefined;
  const unit = book.units.get(arbitration.unit);
  if (unit === undefined || !unit.mayLead) return undefined;
  taken.add(unit.code);
  return {
    wanted,
    chosen: unit.code,
    distanceM: null,
    reason: { zh: `已裁定由${unit.nameZh}主办`, en: `Ruled to be led by ${unit.nameEn}` },
  };
}

function noCard(level: Level): Words {
  return {
    zh: `这一类没有 ${level} 的预案，按类别表的单位派`,
    en: `No run card for this category at ${level}: the category's own unit types were taken`,
  };
}

function typeName(book: RunCardBook, code: string): Words {
  const type = book.unitTypes.get(code);
  return type === undefined ? { zh: code, en: code } : { zh: type.nameZh, en: type.nameEn.toLowerCase() };
}
