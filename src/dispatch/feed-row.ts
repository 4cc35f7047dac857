/** The district's row of `feed`: without it nothing can be written. */
import type pg from 'pg';

/** Makes it if it is missing. Nodes that start together make one. */
export async function ensureFeed(pool: pg.Pool, district: number): Promise<void> {
  await pool.query('insert into feed (district) values ($1) on conflict (district) do nothing', [district]);
}
