/** Incident numbers `YYYYMMDD-NNNN` for people: unique per district, in blocks per node, so gaps are normal and a report does not wait. */
import type pg from 'pg';
import { dateAt } from '../china-time.ts';

/** A node takes this many at once; what it does not use by midnight, or before it ends, stays unused. */
const BLOCK = 20;
/** At this many left the next block is fetched beforehand. */
const LOW = 10;
/** A burst takes more at once, at most this many. */
const LARGEST_BLOCK = 1_000;

const TAKE = {
  name: 'incident_numbers',
  text: `insert into incident_counter as c (district, day, last) values ($1, $2, $3)
    on conflict (district, day) do update set last = c.last + excluded.last returning last`,
};

interface Block {
  day: string;
  next: number;
  last: number;
}

export class IncidentNumbers {
  private readonly pool: pg.Pool;
  private readonly district: number;
  private block: Block = { day: '', next: 1, last: 0 };
  private fetching: Promise<void> | null = null;
  private spare: Block | null = null;
  private waiting = 0;

  constructor(pool: pg.Pool, district: number) {
    this.pool = pool;
    this.district = district;
  }

  /** The next number of the day (China time) that `now` is in. */
  async next(now: Date): Promise<string> {
    const day = dateAt(now);
    this.waiting++;
    try {
      while (!this.hasOne(day)) await this.fetch(day);
    } finally {
      this.waiting--;
    }
    const { block } = this;
    const number = `${day.replaceAll('-', '')}-${String(block.next++).padStart(4, '0')}`;
    // Nobody waits for this one; if it fails, the next report asks again and meets the error itself.
    if (block.last - block.next < LOW && this.spare === null) void this.fetch(day).catch(() => {});
    return number;
  }

  private hasOne(day: string): boolean {
    if (this.block.day === day && this.block.next <= this.block.last) return true;
    if (this.spare === null) return false;
    this.block = this.spare;
    this.spare = null;
    return this.block.day === day;
  }

  private fetch(day: string): Promise<void> {
    this.fetching ??= this.take(day).finally(() => (this.fetching = null));
    return this.fetching;
  }

  private async take(day: string): Promise<void> {
    const count = Math.min(LARGEST_BLOCK, Math.ceil((this.waiting + 1) / BLOCK) * BLOCK);
    const { rows } = await this.pool.query<{ last: number }>({ ...TAKE, values: [this.district, day, count] });
    const { last } = rows[0]!;
    this.spare = { day, next: last - count + 1, last };
  }
}
