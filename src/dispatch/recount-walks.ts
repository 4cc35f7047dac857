/**
 * Deadlines follow an edit of the calendar: a walk over all open incidents, one recount each where a deadline moves.
 *
 * The edit leaves a row in its own transaction; whichever node sees it first walks, and says after each page how far it is. When it is
 * killed, PostgreSQL takes its lock back, and another node goes on from there. A recount is an ordinary command with the version that
 * it saw and does nothing where the deadline is right already, so that each deadline moves once, however often a page is looked at.
 *
 * A node that has not heard of the edit yet may start a clock by the old calendar behind the walk's back: a second walk, once all nodes
 * have heard, finds those. It is walked again until it has been whole and without trouble.
 */
import type pg from 'pg';
import type { Answer } from './answer.ts';
import type { Incident } from './chain/incident.ts';
import type { Rules } from './chain/levels.ts';
import { afterRecount } from './chain/recount.ts';
import { openIncidents } from './open-incidents.ts';

/** How often each node looks whether there is a walk to take up. */
const LOOK_INTERVAL_MS = 5_000;
/** Three times as long as a node that hears nothing takes to look by itself. */
const SECOND_WALK_AFTER_S = 90;
/** Before the second walk is walked again [ours]: it reads every open incident, and what is refused once may be refused for long. */
const AGAIN_AFTER_S = 5 * 60;
/** Recounted at once: people's commands find no more than this before them in the journal. */
const AT_ONCE = 50;
const LOCK_CLASS = 44_1804;

export interface RecountWalksDeps {
  readonly district: number;
  readonly db: { readonly pool: pg.Pool; client(name: string): Promise<pg.Client> };
  readonly clock: { now(): Date };
  readonly rules: () => Rules;
  /** Of the settings that this node goes by. */
  readonly version: () => number;
  readonly recount: (incident: string) => Promise<Answer | null>;
  /** A recount was refused, or the database did not answer: it is tried again. */
  readonly onTrouble: (incident: string | null, trouble: unknown) => void;
}

export interface RecountProgress {
  /** Of the settings that deadlines follow. */
  readonly version: number;
  readonly account: string;
  readonly askedAt: Date;
  /** Incidents that are open now. */
  readonly open: number;
  readonly looked: number;
  readonly moved: number;
  readonly finishedAt: Date | null;
}

interface Walk {
  readonly version: number;
  readonly walk: 1 | 2;
  readonly passed: string | null;
}

const NEWEST = {
  name: 'recount_newest',
  text: `select version, walk, passed from recount
    where district = $1 and checked_at is null and walk_from <= app_now() order by version desc limit 1`,
};
const PASSED = `update recount set passed = $4, looked = looked + $5, moved = moved + $6 where district = $1 and version = $2 and walk = $3`;
/** How many moved is counted in the log: after a kill the row may have missed some. */
const COUNTED = `(select count(*) from move m where m.district = r.district and m.seq > r.head and m.actor = 'system' and m.verb = 'comment'
    and m.payload->>'notice' = 'recounted')`;
const FIRST_DONE = `update recount r set walk = 2, passed = null, moved = ${COUNTED}, finished_at = app_now(),
    walk_from = app_now() + ${SECOND_WALK_AFTER_S} * interval '1 second' where r.district = $1 and r.version = $2 and r.walk = 1`;
const SECOND_AGAIN = `update recount r set passed = null, moved = ${COUNTED}, walk_from = app_now() + ${AGAIN_AFTER_S} * interval '1 second'
    where r.district = $1 and r.version = $2 and r.walk = 2`;
const SECOND_DONE = `update recount r set moved = ${COUNTED}, checked_at = app_now() where r.district = $1 and r.version = $2`;
/** Walks that this one makes needless: it went by the newest calendar. */
const OLDER_DONE = `update recount set finished_at = coalesce(finished_at, app_now()), checked_at = app_now()
    where district = $1 and version < $2 and checked_at is null`;
const PROGRESS = `select version, account, asked_at as "askedAt", looked, moved, finished_at as "finishedAt",
    (select count(*) from incident i where i.district = r.district and i.ended_at is null) as open
  from recount r where district = $1 order by version desc limit 1`;

export class RecountWalks {
  private readonly deps: RecountWalksDeps;
  private timer: NodeJS.Timeout | null = null;
  private walking: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(deps: RecountWalksDeps) {
    this.deps = deps;
  }

  start(): void {
    this.timer = setInterval(() => void this.look(), LOOK_INTERVAL_MS);
    void this.look();
  }

  /** Ends after the page that is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearInterval(this.timer);
    await this.walking;
  }

  /** Walks if there is something to walk and nobody else does. Never fails: a fault is told, and the next look goes on. */
  look(): Promise<void> {
    this.walking = this.walking.then(async () => {
      try {
        while (!this.stopped && (await this.walkNewest()));
      } catch (error) {
        this.deps.onTrouble(null, error);
      }
    });
    return this.walking;
  }

  /** Of the newest edit; null when there was none. */
  async progress(): Promise<RecountProgress | null> {
    const { rows } = await this.deps.db.pool.query<RecountProgress>(PROGRESS, [this.deps.district]);
    return rows[0] ?? null;
  }

  /** @returns whether there may be more to walk. */
  private async walkNewest(): Promise<boolean> {
    const { db, district } = this.deps;
    // An older calendar would set right deadlines wrong.
    if (!this.mayWalk(await this.newest())) return false;
    const guard = await db.client('recount');
    try {
      const { rows } = await guard.query<{ held: boolean }>('select pg_try_advisory_lock($1, $2) as held', [LOCK_CLASS, district]);
      const walk = rows[0]!.held ? await this.newest() : null;
      if (!this.mayWalk(walk)) return false;
      await this.walkOn(walk);
      return true;
    } finally {
      // Ends the session, and the lock with it.
      await guard.end().catch(() => {});
    }
  }

  private async newest(): Promise<Walk | null> {
    const { rows } = await this.deps.db.pool.query<Walk>({ ...NEWEST, values: [this.deps.district] });
    return rows[0] ?? null;
  }

  private mayWalk(walk: Walk | null): walk is Walk {
    return walk !== null && this.deps.version() >= walk.version;
  }

  /** To the end, unless a newer edit comes: then what is left is looked at by that one. */
  private async walkOn({ version, walk, passed }: Walk): Promise<void> {
    const { db, district } = this.deps;
    // Of what another node has passed it is not known whether there was trouble.
    let whole = passed === null;
    for (let after = passed; !this.stopped;) {
      const page = await openIncidents(db.pool, district, after);
      if (page.length === 0) {
        await db.pool.query(OLDER_DONE, [district, version]);
        await db.pool.query(walk === 1 ? FIRST_DONE : whole ? SECOND_DONE : SECOND_AGAIN, [district, version]);
        return;
      }
      const { moved, failed } = await this.recountAll(page);
      whole &&= failed === 0;
      after = page.at(-1)!.id;
      await db.pool.query(PASSED, [district, version, walk, after, walk === 1 ? page.length : 0, moved]);
      const newest = await this.newest();
      if (newest?.version !== version || newest.walk !== walk) return;
    }
  }

  private async recountAll(page: readonly Incident[]): Promise<{ moved: number; failed: number }> {
    const { rules, clock } = this.deps;
    const now = clock.now();
    const due = page.filter((incident) => afterRecount(incident, rules(), now) !== null);
    const count = { moved: 0, failed: 0, same: 0 };
    for (let from = 0; from < due.length; from += AT_ONCE) {
      const answers = await Promise.all(due.slice(from, from + AT_ONCE).map(({ id }) => this.recountOne(id)));
      for (const answer of answers) count[answer]++;
    }
    return count;
  }

  /** One that cannot be recounted keeps none of the others from it; a later walk tries it again. */
  private async recountOne(id: string): Promise<'moved' | 'same' | 'failed'> {
    try {
      const answer = await this.deps.recount(id);
      if (answer === null) return 'same';
      if (answer.ok) return answer.repeat ? 'same' : 'moved';
      this.deps.onTrouble(id, answer.refusal);
    } catch (error) {
      this.deps.onTrouble(id, error);
    }
    return 'failed';
  }
}
