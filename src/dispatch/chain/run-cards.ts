/** 响应预案: whom to send, by category and level. Pure: names each choice and why, and what could not be filled. */
import type { NearestUnits } from '../../grid/nearest.ts';
import { responsibleRule, type Ownership, type ResponsibilityRule } from '../../grid/responsibility.ts';
import { candidate, candidatesFor, type Candidate, type Out, type Readiness, type RunCardUnit, type Search } from './candidates.ts';
import { choiceFor, guardFor, ruledChoice, ruleChoice, type Choice, type Choosing } from './choices.ts';
import { currentAssignments, type Incident, type Level } from './incident.ts';
import { joined, noCard, type Words } from './run-card-words.ts';

export type { RunCardUnit } from './candidates.ts';
export type { Choice, ShortfallKind } from './choices.ts';
export type { Words } from './run-card-words.ts';

export interface RunCardRow {
  readonly code: string;
  readonly match: 'row' | 'category' | 'class';
  /** Row code, category code, or kind and class (`C01`), by `match`. */
  readonly target: string;
  readonly level: Level;
  /** A unit type, or `row`: the category row's own. */
  readonly leadType: string;
  readonly assisting: 'row' | readonly { readonly type: string; readonly count: number }[];
  /** Straight line from the incident to where the unit is. */
  readonly radiusKm: number;
}

/** What a run card is looked up in and filled from. */
export interface RunCardBook {
  readonly runCards: readonly RunCardRow[];
  readonly units: ReadonlyMap<string, RunCardUnit>;
  readonly unitTypes: ReadonlyMap<string, { readonly nameZh: string; readonly nameEn: string }>;
  readonly nearest: NearestUnits<RunCardUnit>;
  category(code: string): { readonly category: string; readonly leadType: string; readonly assistTypes: readonly string[] } | undefined;
}

/** The moment of sending: who is on duty, where the units are, and which rules of the table of responsibilities are open. */
export interface Situation extends Readiness {
  readonly now: Date;
  readonly rules: readonly ResponsibilityRule[];
}

export interface FilledCard {
  /** Code of the card; null when none fits and the category's own types were taken. */
  readonly card: string | null;
  /** 1: the card itself; 2 and more: what a further alarm adds. */
  readonly alarm: number;
  readonly radiusKm: number | null;
  /** The rule of the table of responsibilities that names the lead, whether or not it could be followed. */
  readonly rule: { readonly id: string; readonly unit: string; readonly source: string } | null;
  readonly lead: Choice;
  readonly assisting: readonly Choice[];
  /** What could not be filled as the card has it. */
  readonly shortfalls: readonly { readonly role: 'lead' | 'assist' | 'card'; readonly wanted: string; readonly reason: Words }[];
}

/** A further alarm sends only more hands: there is a lead already. */
export type FurtherAlarm = Omit<FilledCard, 'lead'> & { readonly lead: null };

/** The card for a category row at a level: the row's own, else its category's, else its class's. */
export function findRunCard(cards: readonly RunCardRow[], row: string, category: string, level: Level): RunCardRow | undefined {
  const targets = { row, category, class: category.slice(0, 3) };
  for (const match of ['row', 'category', 'class'] as const) {
    const card = cards.find((c) => c.match === match && c.target === targets[match] && c.level === level);
    if (card !== undefined) return card;
  }
  return undefined;
}

export type Called = Pick<
  Incident,
  | 'category'
  | 'level'
  | 'position'
  | 'subdistrict'
  | 'community'
  | 'ownership'
  | 'declinedBy'
  | 'arbitration'
  | 'assignments'
  | 'dispatches'
  | 'alarm'
>;

/** What the one who sends wants otherwise than the incident has it. */
export interface Wish {
  readonly level?: Level | undefined;
  readonly ownership?: Ownership | undefined;
}

/**
 * Fills the card for an incident. The lead is the unit that was ruled to be responsible, else the one that the table of responsibilities
 * names, else, as for every other place, the nearest of the wanted type that serves the subdistrict, within the card's radius: on duty, on
 * call, or a stand-in. Each unit goes once; who declined this incident is not asked again.
 */
export function fillRunCard(incident: Called, book: RunCardBook, situation: Situation, wish: Wish = {}): FilledCard {
  const { card, leadType, assistTypes, radiusKm, category } = cardFor(incident, book, wish.level ?? incident.level);
  const out = new Map<string, Out>(incident.declinedBy.map((unit) => [unit, 'declined']));
  const choosing = choosingWith(incident, book, situation, { out, radiusKm, everywhere: false });
  const ownership = wish.ownership ?? incident.ownership;
  const ruled = { row: incident.category, category, ownership, community: incident.community };
  const rule = responsibleRule(situation.rules, ruled, situation.now.getTime());

  const lead = leadOf(incident, choosing, rule, leadType);
  const guard = lead.chosen === null ? guardFor(choosing, leadType) : undefined;
  const assisting = [...(guard === undefined ? [] : [guard]), ...assistTypes.map((type) => choiceFor(choosing, type, 'assist'))];
  return {
    card: card?.code ?? null,
    alarm: 1,
    radiusKm: card?.radiusKm ?? null,
    rule: rule === undefined ? null : { id: rule.id, unit: rule.unit, source: rule.source },
    lead,
    assisting,
    shortfalls: [
      ...(card === undefined ? [{ role: 'card' as const, wanted: incident.category, reason: noCard(wish.level ?? incident.level) }] : []),
      ...(lead.chosen === null ? [{ role: 'lead' as const, wanted: lead.wanted, reason: lead.reason }] : []),
      ...emptyOf(assisting),
    ],
  };
}

/**
 * 再次出动: what a further alarm adds, one more of each type of the card. Only units that are not at work here yet; from the second alarm on
 * those of other subdistricts within the radius help too [ours], because the own ones are there already.
 *
 * @param alarm  2 or more; alarms between the last that was sent and this one are taken as sent.
 */
export function fillAlarm(incident: Called, book: RunCardBook, situation: Situation, alarm: number): FurtherAlarm {
  const { card, leadType, assistTypes, radiusKm } = cardFor(incident, book, incident.level);
  const out = new Map<string, Out>(incident.declinedBy.map((unit) => [unit, 'declined']));
  for (const { unit, role, state } of currentAssignments(incident)) {
    // Who was released may be called again: more hands are needed after all.
    if (role === 'lead' || state !== 'released') out.set(unit, state === 'declined' ? 'declined' : 'sent');
  }
  const choosing = choosingWith(incident, book, situation, { out, radiusKm, everywhere: true });
  let assisting: readonly Choice[] = [];
  for (let n = Math.min(incident.alarm + 1, alarm); n <= alarm; n++) {
    assisting = [leadType, ...assistTypes].map((type) => choiceFor(choosing, type, 'assist'));
  }
  return {
    card: card?.code ?? null,
    alarm,
    radiusKm: card?.radiusKm ?? null,
    rule: null,
    lead: null,
    assisting,
    shortfalls: emptyOf(assisting),
  };
}

/** One unit as it stands now, for whoever chooses by hand. */
export function standing(incident: Pick<Called, 'position'>, unit: RunCardUnit, situation: Situation): Candidate {
  return candidate(unit, incident.position, situation, situation.now.getTime());
}

function cardFor(incident: Called, book: RunCardBook, level: Level) {
  const row = book.category(incident.category);
  if (row === undefined) throw new RangeError(`no category ${incident.category}`);
  const card = findRunCard(book.runCards, incident.category, row.category, level);
  return {
    card,
    category: row.category,
    leadType: card === undefined || card.leadType === 'row' ? row.leadType : card.leadType,
    assistTypes:
      card === undefined || card.assisting === 'row' ? row.assistTypes : card.assisting.flatMap((a) => Array<string>(a.count).fill(a.type)),
    radiusKm: card?.radiusKm ?? Infinity,
  };
}

function choosingWith(
  incident: Called,
  book: RunCardBook,
  situation: Situation,
  { out, radiusKm, everywhere }: { out: Map<string, Out>; radiusKm: number; everywhere: boolean },
): Choosing {
  const nowMs = situation.now.getTime();
  const here = (unit: RunCardUnit | undefined) => (unit === undefined ? undefined : candidate(unit, incident.position, situation, nowMs));
  return {
    nowMs,
    radiusKm,
    out,
    everywhere,
    subdistrict: incident.subdistrict,
    typeName(code) {
      const type = book.unitTypes.get(code);
      return type === undefined ? { zh: code, en: code } : { zh: type.nameZh, en: type.nameEn.toLowerCase() };
    },
    unit: (code) => here(book.units.get(code)),
    standIn: (unit) => here(book.units.get(unit.standInUnit)),
    candidates(type) {
      const covering = everywhere ? {} : { covering: incident.subdistrict };
      return candidatesFor(book.nearest, book.units.size, { type, ...covering }, incident.position, situation, nowMs);
    },
    search: (role): Search => ({ role, radiusM: radiusKm * 1000, out }),
  };
}

function leadOf({ arbitration }: Called, choosing: Choosing, rule: ResponsibilityRule | undefined, leadType: string): Choice {
  const ruled = arbitration?.state === 'ruled' ? ruledChoice(choosing, arbitration.unit, leadType) : undefined;
  if (ruled !== undefined) return ruled;
  const named = rule === undefined ? undefined : ruleChoice(choosing, rule, leadType);
  if (named !== undefined && 'chosen' in named) return named;
  const nearest = choiceFor(choosing, leadType, 'lead');
  return named === undefined ? nearest : { ...nearest, reason: joined([named, nearest.reason]) };
}

function emptyOf(assisting: readonly Choice[]): FilledCard['shortfalls'] {
  return assisting.filter((a) => a.chosen === null).map((a) => ({ role: 'assist' as const, wanted: a.wanted, reason: a.reason }));
}
