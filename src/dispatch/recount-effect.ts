/** What an edit of the calendar would do to open incidents, before it is made. Changes nothing. */
import type pg from 'pg';
import type { Clock, Incident, Level, Time } from './chain/incident.ts';
import { afterRecount } from './chain/recount.ts';
import type { Rules } from './chain/levels.ts';
import { openIncidents } from './open-incidents.ts';

export interface RecountExample {
  readonly id: string;
  readonly number: string;
  readonly level: Level;
  readonly clock: Clock['name'];
  readonly from: Time;
  readonly to: Time;
}

export interface RecountEffect {
  /** Open incidents that were looked at. */
  readonly open: number;
  /** Those of which at least one deadline would move. */
  readonly moving: number;
  /** Those whose deadlines stay, and only the reminders before or after would come at another time. */
  readonly remindersOnly: number;
  readonly later: number;
  readonly sooner: number;
  /** Farthest that a deadline would move, milliseconds, either way. */
  readonly longestMs: number;
  /** Those that would be overdue at once. */
  readonly overdueAtOnce: number;
  /** Those that move farthest, the farthest first. */
  readonly examples: readonly RecountExample[];
}

const EXAMPLES = 5;

/** @param rules  as they would be after the edit. */
export async function recountEffect(pool: pg.Pool, district: number, rules: Rules, now: Date): Promise<RecountEffect> {
  const tally = new Tally(now);
  let after: string | null = null;
  for (;;) {
    const page: Incident[] = await openIncidents(pool, district, after);
    if (page.length === 0) return tally.effect();
    for (const incident of page) tally.add(incident, afterRecount(incident, rules, now));
    after = page.at(-1)!.id;
  }
}

/** One clock of an incident, before and after. */
interface Shift {
  readonly clock: Clock['name'];
  readonly from: Time;
  readonly to: Time;
  readonly byMs: number;
}

class Tally {
  private readonly now: Date;
  private open = 0;
  private moving = 0;
  private remindersOnly = 0;
  private later = 0;
  private sooner = 0;
  private longestMs = 0;
  private overdueAtOnce = 0;
  private farthest: (RecountExample & { readonly byMs: number })[] = [];

  constructor(now: Date) {
    this.now = now;
  }

  /** @param after  null where nothing moves. */
  add(before: Incident, after: Pick<Incident, 'clocks'> | null): void {
    this.open++;
    if (after === null) return;
    const shifts = [shift(before.clocks.step, after.clocks.step), shift(before.clocks.total, after.clocks.total)].filter((s) => s !== null);
    const most = shifts.reduce<Shift | null>((a, b) => (a === null || Math.abs(b.byMs) > Math.abs(a.byMs) ? b : a), null);
    if (most === null) {
      this.remindersOnly++;
      return;
    }
    this.moving++;
    if (most.byMs > 0) this.later++;
    else this.sooner++;
    this.longestMs = Math.max(this.longestMs, Math.abs(most.byMs));
    const nowMs = this.now.getTime();
    if (shifts.some((s) => Date.parse(s.from) > nowMs && Date.parse(s.to) <= nowMs)) this.overdueAtOnce++;
    const { id, number, level } = before;
    this.farthest.push({ id, number, level, ...most });
    this.farthest.sort((a, b) => Math.abs(b.byMs) - Math.abs(a.byMs)).splice(EXAMPLES);
  }

  effect(): RecountEffect {
    const { open, moving, remindersOnly, later, sooner, longestMs, overdueAtOnce } = this;
    return {
      open,
      moving,
      remindersOnly,
      later,
      sooner,
      longestMs,
      overdueAtOnce,
      examples: this.farthest.map(({ byMs: _, ...example }) => example),
    };
  }
}

function shift(before: Clock | null, after: Clock | null): Shift | null {
  if (before === null || after === null) return null;
  const byMs = Date.parse(after.dueAt) - Date.parse(before.dueAt);
  return byMs === 0 ? null : { clock: before.name, from: before.dueAt, to: after.dueAt, byMs };
}
