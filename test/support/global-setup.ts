/** Starts the one PostgreSQL of a run of vitest, with a migrated database that each spec copies. */
import { rmSync } from 'node:fs';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { type Embedded, startEmbedded } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import { TEMPLATE } from './database.ts';
import { makeTempDir } from './temp-dir.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Login of the owner on the run's PostgreSQL, without a database. */
    postgres: { host: string; port: number; user: string };
  }
}

interface Shared {
  readonly embedded: Promise<Embedded>;
  readonly dataDir: string;
  users: number;
}
/** Each project loads this file for itself; the process is the same, so what is on globalThis is too. */
const holder = globalThis as { fengmingTestDatabase?: Shared };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const shared = (holder.fengmingTestDatabase ??= start());
  shared.users += 1;
  const { host, port, user } = (await shared.embedded).owner;
  if (!host || !port || !user) throw new Error('the embedded database gave no login');
  project.provide('postgres', { host, port, user });

  return async () => {
    shared.users -= 1;
    if (shared.users > 0) return;
    delete holder.fengmingTestDatabase;
    await (await shared.embedded).stop();
    rmSync(shared.dataDir, { recursive: true, force: true });
  };
}

function start(): Shared {
  const dataDir = makeTempDir('run');
  return { embedded: startWithTemplate(dataDir), dataDir, users: 0 };
}

async function startWithTemplate(dataDir: string): Promise<Embedded> {
  const embedded = await startEmbedded({ dataDir, fast: true });
  const admin = new pg.Client({ ...embedded.owner, database: 'postgres' });
  await admin.connect();
  try {
    await admin.query(`create database ${TEMPLATE}`);
  } finally {
    await admin.end();
  }
  await migrate({ ...embedded.owner, database: TEMPLATE });
  return embedded;
}
