/** An incident and its row: what queries ask for are columns, the rest is one JSON document. */
import { UNTOUCHED } from './chain/fold.ts';
import type { Incident, Time } from './chain/incident.ts';
import { leadOf } from './chain/incident.ts';
import { levelFromNumber } from './chain/levels.ts';
import type { State } from './chain/states.ts';

/** Columns of `incident` that hold a field of their own; `doc` holds every other field. */
type Column =
  | 'id'
  | 'number'
  | 'district'
  | 'version'
  | 'state'
  | 'level'
  | 'category'
  | 'cell'
  | 'community'
  | 'subdistrict'
  | 'reportedBy'
  | 'description'
  | 'foundAt'
  | 'reportedAt';

/** Named field by field: a field added to Incident does not compile until it is either here or a column. */
type Doc = { readonly [Field in Exclude<keyof Incident, Column>]: Incident[Field] | undefined };

/** What an absent field of `doc` stands for. */
const ABSENT = { ...UNTOUCHED, automatic: false, drill: false } as const satisfies Partial<Incident>;

export interface IncidentRow {
  readonly district: number;
  readonly id: string;
  readonly number: string;
  readonly version: number;
  readonly state: string;
  readonly level: number;
  readonly category: string;
  readonly cell: string;
  readonly community: string;
  readonly subdistrict: string;
  readonly reported_by: string;
  readonly description: string;
  readonly found_at: Date;
  readonly reported_at: Date;
  readonly doc: unknown;
}

/** The columns that `incidentFromRow` needs, for a select. */
export const INCIDENT_COLUMNS = [
  'district',
  'id',
  'number',
  'version',
  'state',
  'level',
  'category',
  'cell',
  'community',
  'subdistrict',
  'reported_by',
  'description',
  'found_at',
  'reported_at',
  'doc',
] as const;

export function incidentFromRow(row: IncidentRow): Incident {
  return {
    id: row.id,
    number: row.number,
    district: row.district,
    version: row.version,
    state: row.state as State,
    level: levelFromNumber(row.level),
    category: row.category,
    cell: row.cell,
    community: row.community,
    subdistrict: row.subdistrict,
    reportedBy: row.reported_by,
    description: row.description,
    foundAt: row.found_at.toISOString(),
    reportedAt: row.reported_at.toISOString(),
    ...ABSENT,
    ...(row.doc as Omit<Incident, Column | keyof typeof ABSENT>),
  };
}

/** The text of `doc`. What is as a report leaves it is left out: a third of the bytes of most documents, written anew by every move. */
export function docOf(incident: Incident): string {
  const doc: Doc = {
    categoryRules: incident.categoryRules,
    position: incident.position,
    measured: incident.measured ?? undefined,
    closedAt: incident.closedAt ?? undefined,
    stateSince: incident.stateSince,
    photos: unlessEmpty(incident.photos),
    voices: unlessEmpty(incident.voices),
    assignments: unlessEmpty(incident.assignments),
    dispatches: incident.dispatches || undefined,
    alarm: incident.alarm === 1 ? undefined : incident.alarm,
    ownership: incident.ownership ?? undefined,
    clocks: incident.clocks,
    proof: incident.proof ?? undefined,
    handlers: unlessEmpty(incident.handlers),
    checker: incident.checker ?? undefined,
    score: incident.score ?? undefined,
    declinedBy: unlessEmpty(incident.declinedBy),
    arbitration: incident.arbitration ?? undefined,
    extensionAsked: incident.extensionAsked ?? undefined,
    extensions: incident.extensions || undefined,
    forceCloseProposed: incident.forceCloseProposed ?? undefined,
    suspendedUntil: incident.suspendedUntil ?? undefined,
    paused: incident.paused ?? undefined,
    mergedInto: incident.mergedInto ?? undefined,
    referredTo: incident.referredTo ?? undefined,
    raised: incident.raised || undefined,
    supervised: incident.supervised || undefined,
    supervisions: unlessEmpty(incident.supervisions),
    review: incident.review ?? undefined,
    spent: unlessEmpty(incident.spent),
    verified: incident.verified ?? undefined,
    automatic: incident.automatic || undefined,
    // The column of this name is made from it.
    drill: incident.drill || undefined,
  };
  return JSON.stringify(doc);
}

const unlessEmpty = <T>(list: readonly T[]): readonly T[] | undefined => (list.length === 0 ? undefined : list);

/** The earliest of its running clocks; past it, the incident is overdue. */
export function dueAtOf({ clocks: { step, total } }: Incident): Time | null {
  if (step === null) return total === null ? null : total.dueAt;
  return total === null || step.dueAt <= total.dueAt ? step.dueAt : total.dueAt;
}

/** All units that are or were assigned, each once. */
export function unitsOf(incident: Incident): string[] {
  const units: string[] = [];
  for (const { unit } of incident.assignments) if (!units.includes(unit)) units.push(unit);
  return units;
}

export function leadUnitOf(incident: Incident): string | null {
  return leadOf(incident)?.unit ?? null;
}
