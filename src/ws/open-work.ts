/**
 * Which assignments are open now, as the fold of what was pushed: says what rings when a unit's device comes back, and which units work on the same
 * incident. Bounded by the work under way in one district. Pure.
 */
import type { Level, Time } from '../dispatch/chain/incident.ts';
import { OPEN_ASSIGNMENT, type AssignmentState } from '../dispatch/chain/states.ts';
import type { PushedMove } from './encode.ts';

export interface OpenAssignment {
  readonly incident: string;
  readonly assignment: string;
  readonly unit: string;
  readonly state: AssignmentState;
  readonly level: Level;
  readonly until: Time | null;
  /** seq and time of the move that made it `assigned`, the last time if it lapsed. */
  readonly seq: number;
  readonly at: Time;
  readonly drill?: true;
}

export class OpenWork {
  readonly #byAssignment = new Map<string, OpenAssignment>();
  readonly #byUnit = new Map<string, Map<string, OpenAssignment>>();
  readonly #byIncident = new Map<string, Map<string, OpenAssignment>>();

  constructor(open: readonly OpenAssignment[] = []) {
    for (const assignment of open) this.#set(assignment);
  }

  get size(): number {
    return this.#byAssignment.size;
  }

  apply(move: PushedMove): void {
    for (const changed of move.changed ?? []) {
      const before = this.#byAssignment.get(changed.id);
      if (before) this.#delete(before);
      if (!OPEN_ASSIGNMENT.has(changed.state)) continue;
      const assigned = changed.state === 'assigned';
      this.#set({
        incident: move.incident,
        assignment: changed.id,
        unit: changed.unit,
        state: changed.state,
        level: move.level,
        until: changed.until ?? null,
        seq: assigned || !before ? move.seq : before.seq,
        at: assigned || !before ? move.at : before.at,
        ...(move.drill ? { drill: true as const } : {}),
      });
    }
  }

  /** Assignments of the unit that nobody has acknowledged yet, oldest first. */
  ringing(unit: string): OpenAssignment[] {
    return [...(this.#byUnit.get(unit)?.values() ?? [])].filter((a) => a.state === 'assigned').sort((a, b) => a.seq - b.seq);
  }

  /** The same of all units, in no order. */
  allRinging(): OpenAssignment[] {
    return [...this.#byAssignment.values()].filter((a) => a.state === 'assigned');
  }

  /** Units that work on an incident together with this one, itself included. */
  companions(unit: string): Set<string> {
    const units = new Set<string>();
    for (const { incident } of this.#byUnit.get(unit)?.values() ?? []) {
      for (const other of this.#byIncident.get(incident)!.values()) units.add(other.unit);
    }
    return units;
  }

  #set(assignment: OpenAssignment): void {
    this.#byAssignment.set(assignment.assignment, assignment);
    inner(this.#byUnit, assignment.unit).set(assignment.assignment, assignment);
    inner(this.#byIncident, assignment.incident).set(assignment.assignment, assignment);
  }

  #delete(assignment: OpenAssignment): void {
    this.#byAssignment.delete(assignment.assignment);
    for (const [index, key] of [
      [this.#byUnit, assignment.unit],
      [this.#byIncident, assignment.incident],
    ] as const) {
      const entries = index.get(key);
      entries?.delete(assignment.assignment);
      if (entries?.size === 0) index.delete(key);
    }
  }
}

function inner(index: Map<string, Map<string, OpenAssignment>>, key: string): Map<string, OpenAssignment> {
  let entries = index.get(key);
  if (!entries) index.set(key, (entries = new Map()));
  return entries;
}
