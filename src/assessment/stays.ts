/**
 * How long each step took, read off the log: a row for each run of a clock. Pure.
 *
 * A clock is known by its name and its start, which the chain keeps through extensions, regrading, a changed calendar, suspension, and when the
 * same unit gets the step back. So a step that goes on is one row, and one that begins anew is another.
 */
import { usedBy } from '../dispatch/chain/clocks.ts';
import type { Clock, Incident, Time } from '../dispatch/chain/incident.ts';
import type { Rules } from '../dispatch/chain/levels.ts';
import type { State } from '../dispatch/chain/states.ts';

/** What a move says about clocks. */
export interface ClockMove {
  readonly incident: string;
  readonly verb: string;
  readonly from: State | 'none';
  readonly to: State;
  readonly at: Time;
  /** After the move; null: none runs; undefined: as it was. */
  readonly step: Clock | null | undefined;
  readonly total: Clock | null | undefined;
  /** Of a suspension: the clocks that stand still. */
  readonly paused: Incident['paused'] | undefined;
}

export interface Stay {
  readonly incident: string;
  readonly clock: Clock['name'];
  readonly startedAt: Time;
  readonly endedAt: Time | null;
  readonly endedBy: string | null;
  readonly endedTo: State | null;
  /** A closing that was taken back. */
  readonly undone: boolean;
  /** null while it stands still: then it cannot run out. */
  readonly dueAt: Time | null;
  /** Counted milliseconds, extensions included. */
  readonly limitMs: number;
  /** Counted milliseconds, pauses left out; null while it runs. */
  readonly usedMs: number | null;
  /** The clock as the log has it; null once it has ended. */
  readonly running: Clock | null;
}

const keyOf = ({ clock, startedAt }: Pick<Stay, 'clock' | 'startedAt'>): string => `${clock} ${startedAt}`;

/** The stays of some incidents, carried on move by move. */
export class Stays {
  readonly #rules: Rules;
  readonly #byIncident = new Map<string, Map<string, Stay>>();
  readonly #changed = new Set<Stay>();

  /** @param known  of these incidents all that run, and all of the total clock. */
  constructor(rules: Rules, known: Iterable<Stay> = []) {
    this.#rules = rules;
    for (const stay of known) this.#of(stay.incident).set(keyOf(stay), stay);
  }

  /** One more move. Moves of one incident must come in order. */
  take(move: ClockMove): void {
    const stands = move.to === 'suspended' && move.from !== 'suspended';
    this.#follow(move, false, stands ? (move.paused?.step ?? null) : move.step, stands);
    this.#follow(move, true, stands ? (move.paused?.total ?? null) : move.total, stands);
    if (move.verb === 'reopen') this.#undoClosing(move.incident);
  }

  /** What differs from what was known: to be written. */
  changed(): Stay[] {
    return [...this.#changed];
  }

  all(): Stay[] {
    return [...this.#byIncident.values()].flatMap((stays) => [...stays.values()]);
  }

  #follow(move: ClockMove, total: boolean, clock: Clock | null | undefined, stands: boolean): void {
    // The clock of a suspension ends at a date that was agreed: it is no step, and the step behind it stands still.
    if (clock === undefined || clock?.name === 'resume') return;
    const key = clock === null ? '' : keyOf({ clock: clock.name, startedAt: clock.startedAt });
    for (const stay of [...this.#of(move.incident).values()]) {
      if (stay.running === null || (stay.clock === 'total') !== total || keyOf(stay) === key) continue;
      const { at, verb, to } = move;
      const usedMs = usedBy(this.#rules, stay.running, Date.parse(at));
      this.#put({ ...stay, endedAt: at, endedBy: verb, endedTo: to, usedMs, running: null });
    }
    if (clock === null) return;
    this.#put({
      incident: move.incident,
      clock: clock.name,
      startedAt: clock.startedAt,
      endedAt: null,
      endedBy: null,
      endedTo: null,
      undone: false,
      dueAt: stands ? null : clock.dueAt,
      limitMs: clock.limitMs,
      usedMs: null,
      running: clock,
    });
  }

  /** The one that reopening takes back is the last. */
  #undoClosing(incident: string): void {
    const closings = [...this.#of(incident).values()].filter((s) => s.clock === 'total' && s.endedTo === 'closed' && !s.undone);
    const last = closings.sort((a, b) => (a.endedAt! < b.endedAt! ? -1 : 1)).at(-1);
    if (last !== undefined) this.#put({ ...last, undone: true });
  }

  #put(stay: Stay): void {
    const stays = this.#of(stay.incident);
    const before = stays.get(keyOf(stay));
    if (before !== undefined) this.#changed.delete(before);
    stays.set(keyOf(stay), stay);
    this.#changed.add(stay);
  }

  #of(incident: string): Map<string, Stay> {
    let stays = this.#byIncident.get(incident);
    if (stays === undefined) this.#byIncident.set(incident, (stays = new Map()));
    return stays;
  }
}
