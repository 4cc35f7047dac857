/** The product's core without the service around it, for every part that needs one. */
import pino from 'pino';
import { Registry } from 'prom-client';
import type pg from 'pg';
import { startClock, type DbClock } from '../../../src/db/clock.ts';
import { openDatabase, type Database } from '../../../src/db/connect.ts';
import { startCore, type Core } from '../../../src/dispatch/core.ts';
import { readDueSoon } from '../../../src/dispatch/due-soon.ts';
import { loadReference, type Reference } from '../../../src/grid/reference.ts';
import type { Answer } from '../../../src/dispatch/answer.ts';
import type { Incident } from '../../../src/dispatch/chain/incident.ts';
import { DISTRICT } from '../cluster.ts';
import { commandOf, newKey, postsOf, Walkers } from './walk.ts';

export interface RunningCore {
  readonly db: Database;
  readonly clock: DbClock;
  readonly reference: Reference;
  readonly core: Core;
  stop(): Promise<void>;
}

/** Everybody at home and on duty, and nothing settled: as far as moves are measured, who goes is of no weight. */
export const EVERYBODY_READY = {
  duty: { at: () => ({ state: 'on' as const, crew: '1', until: null, next: null }) },
  positions: new Map(),
  rules: [],
};

export async function openCore(config: pg.ClientConfig): Promise<RunningCore> {
  const db = openDatabase(config);
  const clock = await startClock(db);
  const dueSoon = readDueSoon({ pool: db.pool, district: DISTRICT, clock });
  const reference = await loadReference(db.kysely, DISTRICT);
  const core = await startCore({
    db,
    district: DISTRICT,
    clock,
    reference: () => reference,
    situation: () => EVERYBODY_READY,
    dueSoon,
    settingsVersion: () => 0,
    claimPhotos: async () => [],
    findActor: async () => null,
    claimVoices: async () => [],
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

/** The next step of caller k through the desk. */
export function walkDesk({ core, reference }: RunningCore): (k: number) => Promise<boolean> {
  const walkers = new Walkers<Incident>(postsOf(reference));
  return (k) =>
    walkers.step(k, async (step, incident, post) => {
      if (incident === null) return incidentOf(await core.desk.report(post.report, post.gridWorker, newKey()));
      const [command, actor] = commandOf(step, incident, post);
      return incidentOf(await core.desk.move(incident.id, command, actor, newKey(), incident.version));
    });
}

function incidentOf(answer: Answer): Incident {
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.refusal)}`);
  return answer.incident;
}
