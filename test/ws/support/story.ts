/** What happens to one incident, as moves that the chain allows: enough of it for push. Nothing is random: ids count up. */
import type { ChangedAssignment, Level } from '../../../src/dispatch/chain/incident.ts';
import type { AssignmentState, State, Verb } from '../../../src/dispatch/chain/states.ts';
import type { NoticeKind, Recipient } from '../../../src/dispatch/chain/told.ts';
import type { PushedMove } from '../../../src/ws/encode.ts';

export type Draft = Omit<PushedMove, 'seq'>;

export const DISTRICT = 441802;
const START = Date.parse('2026-03-02T01:00:00.000Z');
let counter = 0;

export function uuid(n: number = ++counter): string {
  return `0195555e-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
}

export const CELL_A = '441802006001001';
export const CELL_B = '441802006001002';
export const CELL_OTHER_COMMUNITY = '441802006002001';
export const CELL_OTHER_SUBDISTRICT = '441802007001001';

export class Story {
  readonly incident = uuid();
  readonly number: string;
  readonly assignments = new Map<string, ChangedAssignment>();
  state: State | 'none' = 'none';
  private version = 0;
  private readonly cell: string;
  private readonly reportedBy: string;
  private readonly level: Level;
  private readonly units: string[] = [];

  constructor(place: { readonly cell?: string; readonly reportedBy?: string; readonly level?: Level } = {}) {
    this.cell = place.cell ?? CELL_A;
    this.reportedBy = place.reportedBy ?? `grid.${this.cell}`;
    this.level = place.level ?? 'R3';
    this.number = `20260302-${counter}`;
  }

  report(): Draft {
    return this.move('report', 'reported');
  }
  call(): Draft {
    return this.move('call', 'called');
  }
  accept(): Draft {
    return this.move('accept', 'coordinating');
  }
  dispatch(...units: string[]): Draft {
    const changed = units.map((unit, i) => ({
      id: uuid(),
      unit,
      role: i === 0 ? ('lead' as const) : ('assist' as const),
      state: 'assigned' as const,
      until: this.later(),
    }));
    return this.move('dispatch', 'dispatched', changed);
  }
  /** Of the lead: 已签收赶赴. */
  acknowledge(unit: string): Draft {
    return this.move('acknowledge', 'responding', [this.changed(unit, 'acknowledged')]);
  }
  lapse(unit: string): Draft {
    return this.move('lapse', 'dispatched', [this.changed(unit, 'assigned')]);
  }
  finish(unit: string): Draft {
    return this.move('finish', 'disposed', [this.changed(unit, 'finished')]);
  }
  recall(): Draft {
    const open = [...this.assignments.values()].filter((a) => a.state !== 'released');
    return this.move(
      'recall',
      'coordinating',
      open.map((a) => this.changed(a.unit, 'released')),
    );
  }
  urge(): Draft {
    return this.move('urge', this.state as State);
  }
  decline(unit: string): Draft {
    return this.move('decline', 'coordinating', [this.changed(unit, 'declined')]);
  }
  /** Of one that assists. */
  release(unit: string): Draft {
    return this.move('release', this.state as State, [this.changed(unit, 'released')]);
  }
  abort(): Draft {
    const open = [...this.assignments.values()].filter((a) => a.state !== 'released');
    return this.move(
      'abort',
      'cancelled',
      open.map((a) => this.changed(a.unit, 'released')),
    );
  }
  regrade(unit: string): Draft {
    return this.move('regrade', this.state as State, [this.changed(unit, 'assigned')]);
  }
  comment(): Draft {
    return this.move('comment', this.state as State);
  }
  /** From the report to the dispatch. */
  untilDispatched(...units: string[]): Draft[] {
    return [this.report(), this.call(), this.accept(), this.dispatch(...units)];
  }

  assignmentOf(unit: string): string {
    return [...this.assignments.values()].filter((a) => a.unit === unit).at(-1)!.id;
  }

  private changed(unit: string, state: AssignmentState): ChangedAssignment {
    return { ...this.assignments.get(this.assignmentOf(unit))!, state, until: state === 'assigned' ? this.later() : null };
  }

  private later(): string {
    return new Date(START + (counter + 600) * 1_000).toISOString();
  }

  private move(verb: Verb, to: State, changed: readonly ChangedAssignment[] = []): Draft {
    const from = this.state;
    this.state = to;
    this.version++;
    for (const assignment of changed) {
      this.assignments.set(assignment.id, assignment);
      if (!this.units.includes(assignment.unit)) this.units.push(assignment.unit);
    }
    return {
      district: DISTRICT,
      incident: this.incident,
      number: this.number,
      verb,
      from,
      to,
      version: this.version,
      level: this.level,
      cell: this.cell,
      community: this.cell.slice(0, 12),
      subdistrict: this.cell.slice(0, 9),
      reportedBy: this.reportedBy,
      units: [...this.units],
      at: new Date(START + ++counter * 1_000).toISOString(),
      ...(changed.length > 0 ? { changed } : {}),
    };
  }
}

/** The same move, told to places. */
export function tells(draft: Draft, notice: NoticeKind, ...told: Recipient[]): Draft {
  return { ...draft, notice, told };
}

/** Gives drafts their seqs, in order. */
export function numbered(drafts: readonly Draft[], after = 0): PushedMove[] {
  return drafts.map((draft, i) => ({ ...draft, seq: after + i + 1 }));
}

/** `count` reports and comments that nobody is assigned to, spread over the cells. */
export function chatter(count: number, cells: readonly string[] = [CELL_A]): Draft[] {
  const drafts: Draft[] = [];
  const stories = cells.map((cell) => new Story({ cell }));
  for (let i = 0; i < count; i++) {
    const story = stories[i % stories.length]!;
    drafts.push(story.state === 'none' ? story.report() : story.comment());
  }
  return drafts;
}
