/**
 * Where the responders are: the latest position of each unit, sent at most once a second to those who may see it, written at most every 10 s, never logged.
 *
 * Seen by those who dispatch or look after the whole (district, auditor, admin, subdistrict, linked leader) and by the units that work on an incident together.
 * Each node knows what its own sockets told it, and what the table has: read at the start, and again every few seconds for what other nodes wrote.
 */
import type pg from 'pg';
import type { Position } from '../dispatch/chain/incident.ts';
import type { Actor } from '../identity/actor.ts';
import { seesAllPositions } from '../identity/scope.ts';
import { encodeFrame, type TextFrame } from './encode.ts';
import type { Follower } from './follower.ts';
import type { Hub } from './hub.ts';
import { every, realScheduler, type Scheduler } from './scheduler.ts';

export interface UnitPosition {
  readonly unit: string;
  readonly position: Position;
  /** When the device was there; never later than when we heard of it. */
  readonly at: string;
}

export interface PositionsDeps {
  readonly pool: pg.Pool;
  readonly district: number;
  readonly hub: Hub;
  /** The database's time. */
  readonly now: () => Date;
  readonly onError: (error: unknown) => void;
  readonly scheduler?: Scheduler;
}

const TICK_MS = 1_000;
/** [ours] A position from another node is at most the sum of both old: one that drives 40 km/h is then 170 m further. */
const WRITE_EVERY_MS = 10_000;
const READ_EVERY_MS = 5_000;
/** Rows older than that were read by an earlier turn, or are no news to anybody. */
const NEWS_MS = 120_000;
/** A socket with more than this waiting does not get positions: the next second brings newer ones. */
const DROP_ABOVE_BYTES = 64 * 1024;

export class Positions {
  readonly #deps: PositionsDeps;
  readonly #scheduler: Scheduler;
  readonly #latest = new Map<string, UnitPosition>();
  #unsent = new Set<string>();
  readonly #unwritten = new Set<string>();
  readonly #writtenMs = new Map<string, number>();
  #stopTicking = (): void => {};
  #stopReading = (): void => {};

  constructor(deps: PositionsDeps) {
    this.#deps = deps;
    this.#scheduler = deps.scheduler ?? realScheduler;
  }

  async start(): Promise<void> {
    await this.#read(new Date(0));
    this.#stopTicking = every(this.#scheduler, TICK_MS, () => this.tick(), this.#deps.onError);
    this.#stopReading = every(this.#scheduler, READ_EVERY_MS, () => this.readAgain(), this.#deps.onError);
  }

  /** Takes what other nodes have written and is newer, and sends it with the next tick to those who follow here. */
  async readAgain(): Promise<void> {
    for (const unit of await this.#read(new Date(this.#deps.now().getTime() - NEWS_MS))) this.#unsent.add(unit);
  }

  /** @returns the units of which it learnt something newer. */
  async #read(since: Date): Promise<string[]> {
    const learnt: string[] = [];
    const { rows } = await this.#deps.pool.query<{ unit: string; lng: number; lat: number; accuracy_m: number | null; at: Date }>(
      'select unit, lng, lat, accuracy_m, at from unit_position where district = $1 and at >= $2',
      [this.#deps.district, since],
    );
    for (const { unit, lng, lat, accuracy_m, at } of rows) {
      const known = this.#latest.get(unit);
      if (known && new Date(known.at) >= at) continue;
      this.#latest.set(unit, {
        unit,
        position: { lng, lat, ...(accuracy_m === null ? {} : { accuracyM: accuracy_m }) },
        at: at.toISOString(),
      });
      learnt.push(unit);
    }
    return learnt;
  }

  async stop(): Promise<void> {
    this.#stopTicking();
    this.#stopReading();
    await this.#write([...this.#unwritten]);
  }

  /** @returns false if this actor is no responder. An older position than the one at hand changes nothing. */
  report(actor: Actor, position: Position, at: string): boolean {
    if (actor.role !== 'unit' || !actor.unit) return false;
    const now = this.#deps.now();
    const seen = new Date(at) > now ? now : new Date(at);
    const before = this.#latest.get(actor.unit);
    if (before && new Date(before.at) >= seen) return true;
    this.#latest.set(actor.unit, { unit: actor.unit, position, at: seen.toISOString() });
    this.#unsent.add(actor.unit);
    this.#unwritten.add(actor.unit);
    return true;
  }

  /** The latest known, for whoever dispatches by distance. */
  latest(): ReadonlyMap<string, UnitPosition> {
    return this.#latest;
  }

  /** Sends somebody who has just begun to follow what is known so far. */
  greet(follower: Follower): void {
    const frame = this.#frameFor(follower.actor, this.#latest.keys());
    if (frame) this.#sendTo(follower, frame);
  }

  async tick(): Promise<void> {
    if (this.#unsent.size > 0) this.#send();
    const nowMs = this.#scheduler.nowMs();
    const due = [...this.#unwritten].filter((unit) => nowMs - (this.#writtenMs.get(unit) ?? -Infinity) >= WRITE_EVERY_MS);
    await this.#write(due);
  }

  #send(): void {
    const changed = this.#unsent;
    this.#unsent = new Set();
    const forAll = this.#frame(changed);
    for (const { actor, followers } of this.#deps.hub.audiences()) {
      const frame = seesAllPositions(actor) ? forAll : this.#frameFor(actor, changed);
      if (!frame) continue;
      for (const follower of followers) if (follower.live) this.#sendTo(follower, frame);
    }
  }

  #sendTo(follower: Follower, frame: TextFrame): void {
    if (follower.wire.buffered() < DROP_ABOVE_BYTES) this.#deps.hub.control(follower, [frame]);
  }

  #frameFor(actor: Actor, units: Iterable<string>): TextFrame | null {
    if (seesAllPositions(actor)) return this.#frame(units);
    if (actor.role !== 'unit' || !actor.unit) return null;
    const companions = this.#deps.hub.openWork.companions(actor.unit);
    return this.#frame([...units].filter((unit) => companions.has(unit)));
  }

  #frame(units: Iterable<string>): TextFrame | null {
    const items = [...units].map((unit) => this.#latest.get(unit)!);
    return items.length === 0 ? null : encodeFrame({ type: 'positions', items });
  }

  async #write(units: readonly string[]): Promise<void> {
    if (units.length === 0) return;
    const rows = units.map((unit) => this.#latest.get(unit)!);
    for (const unit of units) this.#unwritten.delete(unit);
    try {
      await this.#deps.pool.query({
        name: 'ws-positions',
        text: `insert into unit_position (district, unit, lng, lat, accuracy_m, at)
          select $1, * from unnest($2::text[], $3::float8[], $4::float8[], $5::float8[], $6::timestamptz[])
          on conflict (district, unit) do update set lng = excluded.lng, lat = excluded.lat, accuracy_m = excluded.accuracy_m, at = excluded.at
          where unit_position.at < excluded.at`,
        values: [
          this.#deps.district,
          units,
          rows.map((r) => r.position.lng),
          rows.map((r) => r.position.lat),
          rows.map((r) => r.position.accuracyM ?? null),
          rows.map((r) => r.at),
        ],
      });
      for (const unit of units) this.#writtenMs.set(unit, this.#scheduler.nowMs());
    } catch (error) {
      for (const unit of units) this.#unwritten.add(unit);
      this.#deps.onError(error);
    }
  }
}
