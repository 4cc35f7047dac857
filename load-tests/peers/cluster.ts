/** One fresh PostgreSQL for the whole run, started by the product with the flags it starts with in service: fsync on. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { startEmbedded, type Embedded } from '../../src/db/embedded.ts';
import { openDatabase } from '../../src/db/connect.ts';
import { migrate } from '../../src/db/migrate.ts';
import { ensureFeed } from '../../src/dispatch/feed-row.ts';
import { loadDemoWorld } from '../../src/grid/demo-world.ts';
import { cpuOfFamilyUs } from './measure.ts';

export const DISTRICT = 441802;

export interface Cluster {
  /** Login of the owner, without a database. */
  readonly owner: pg.ClientConfig;
  /** CPU of all of PostgreSQL so far, microseconds. */
  cpuUs(): number;
  version(): Promise<string>;
  /** A database, empty or with the product's tables and the demo world in them. Dropped first if it is there. */
  database(name: string, content: 'empty' | 'world'): Promise<pg.ClientConfig>;
  drop(name: string): Promise<void>;
  /** Statistics of all tables of a database. */
  analyze(name: string): Promise<void>;
  /** So that no round pays for the dirty pages of the one before. */
  checkpoint(): Promise<void>;
  stop(): Promise<void>;
}

const TEMPLATE = 'peers_world';

export async function startCluster(): Promise<Cluster> {
  const dataDir = mkdtempSync(path.join('/tmp', 'fengming-peers-'));
  // PostgreSQL may run as another user and has to pass through.
  chmodSync(dataDir, 0o711);
  let embedded: Embedded;
  try {
    embedded = await startEmbedded({ dataDir });
  } catch (error) {
    rmSync(dataDir, { recursive: true, force: true });
    throw error;
  }
  const { database: _, ...owner } = embedded.owner;
  const admin = new pg.Client({ ...owner, database: 'postgres' });
  admin.on('error', () => undefined);
  await admin.connect();
  let templateMade = false;

  const drop = async (name: string): Promise<void> => void (await admin.query(`drop database if exists ${name} with (force)`));

  async function makeTemplate(): Promise<void> {
    await admin.query(`create database ${TEMPLATE}`);
    const config = { ...owner, database: TEMPLATE };
    await migrate(config);
    const db = openDatabase(config);
    await loadDemoWorld(db.kysely, () => undefined);
    await ensureFeed(db.pool, DISTRICT);
    await db.close();
    templateMade = true;
  }

  return {
    owner,
    cpuUs: () => cpuOfFamilyUs(embedded.pid),
    async version() {
      const { rows } = await admin.query<{ version: string }>("select current_setting('server_version') as version");
      return rows[0]!.version;
    },
    async database(name, content) {
      await drop(name);
      if (content === 'world' && !templateMade) await makeTemplate();
      await admin.query(`create database ${name}${content === 'world' ? ` template ${TEMPLATE}` : ''}`);
      return { ...owner, database: name };
    },
    drop,
    async analyze(name) {
      const client = new pg.Client({ ...owner, database: name });
      await client.connect();
      await client.query('analyze');
      await client.end();
    },
    checkpoint: async () => void (await admin.query('checkpoint')),
    async stop() {
      await admin.end();
      await embedded.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
