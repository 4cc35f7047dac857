/** An incident and its row: what queries ask for are columns, the rest is one JSON document. */
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
    ...(row.doc as Omit<Incident, Column>),
  };
}

/** The text of `doc`. Named field by field: a field added to Incident does not compile until it is either here or a column. */
export function docOf(incident: Incident): string {
  const doc: Omit<Incident, Column> = {
    categoryRules: incident.categoryRules,
    position: incident.position,
    closedAt: incident.closedAt,
    stateSince: incident.stateSince,
    photos: incident.photos,
    assignments: incident.assignments,
    dispatches: incident.dispatches,
    clocks: incident.clocks,
    proof: incident.proof,
    handlers: incident.handlers,
    checker: incident.checker,
    score: incident.score,
    declinedBy: incident.declinedBy,
    arbitration: incident.arbitration,
    extensionAsked: incident.extensionAsked,
    extensions: incident.extensions,
    forceCloseProposed: incident.forceCloseProposed,
    suspendedUntil: incident.suspendedUntil,
    paused: incident.paused,
    mergedInto: incident.mergedInto,
    referredTo: incident.referredTo,
    raised: incident.raised,
    supervised: incident.supervised,
    verified: incident.verified,
    automatic: incident.automatic,
  };
  return JSON.stringify(doc);
}

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
