/** The product's core without the service around it, for every part that needs one. */
import pino from 'pino';
import { Registry } from 'prom-client';
import type pg from 'pg';
import { startClock, type DbClock } from '../../../src/db/clock.ts';
import { openDatabase, type Database } from '../../../src/db/connect.ts';
import { startCore, type Core } from '../../../src/dispatch/core.ts';
import { loadReference, type Reference } from '../../../src/grid/reference.ts';
import { DISTRICT } from '../cluster.ts';

export interface RunningCore {
  readonly db: Database;
  readonly clock: DbClock;
  readonly reference: Reference;
  readonly core: Core;
  stop(): Promise<void>;
}

export async function openCore(config: pg.ClientConfig): Promise<RunningCore> {
  const db = openDatabase(config);
  const clock = await startClock(db);
  const reference = await loadReference(db.kysely, DISTRICT);
  const core = await startCore({
    db,
    district: DISTRICT,
    clock,
    reference: () => reference,
    claimPhotos: async () => [],
    registry: new Registry(),
    log: pino({ level: 'error' }),
  });
  return {
    db,
    clock,
    reference,
    core,
    async stop() {
      await core.stop();
      clock.stop();
      await db.close();
    },
  };
}
