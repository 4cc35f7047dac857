/** Brings the tables of a database up to this program. */
import { Kysely, PostgresDialect, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import { MIGRATIONS } from './migrations/all.ts';

/** "凤鸣" as a number of our own: any other program on the same database would have to choose the very same one. */
const LOCK = 0x51e49cf6;
const OLDEST_SERVER = 150_000;

/** The database cannot be used as it is; `message` says in both languages what to do. */
export class DatabaseUnfit extends Error {
  constructor(zh: string, en: string, cause?: unknown) {
    super(`${zh}\n${en}`, { cause });
    this.name = 'DatabaseUnfit';
  }
}

/**
 * Runs what has not run yet, all in one transaction: it takes effect as a whole or not at all.
 * Nodes that start together wait for the first, then find nothing to do.
 *
 * @param owner  a login that may make tables, and (the first time) the role `fengming_app`.
 * @throws DatabaseUnfit if the server is too old, does not store UTF-8, or holds tables of a newer program.
 */
export async function migrate(owner: pg.ClientConfig, log: (line: string) => void = () => undefined): Promise<void> {
  const guard = new pg.Client(owner);
  guard.on('error', () => undefined);
  await guard.connect();
  const pool = new pg.Pool({ ...owner, max: 1 });
  pool.on('error', () => undefined);
  const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    await requireFit(guard);
    await guard.query('select pg_advisory_lock($1)', [LOCK]);
    await requireKnown(kysely);
    const { error, results = [] } = await new Migrator({
      db: kysely,
      provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
    }).migrateToLatest();
    if (error) throw withHint(error);
    for (const result of results) log(`migrated ${result.migrationName}`);
  } finally {
    await kysely.destroy();
    // Ends the session, and the lock with it.
    await guard.end();
  }
}

async function requireFit(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: number; shown: string; encoding: string }>(
    `select current_setting('server_version_num')::int as version, current_setting('server_version') as shown,
            current_setting('server_encoding') as encoding`,
  );
  const server = rows[0];
  if (!server || server.version < OLDEST_SERVER) {
    throw new DatabaseUnfit(
      `PostgreSQL ${server?.shown} 太旧，请换 15 或更新的版本`,
      `PostgreSQL ${server?.shown} is too old: use 15 or newer`,
    );
  }
  if (server.encoding !== 'UTF8') {
    throw new DatabaseUnfit(
      `数据库编码是 ${server.encoding}，请另建一个 UTF8 的数据库`,
      `The database stores ${server.encoding}: make one with encoding UTF8`,
    );
  }
}

/** A database that a newer program has been at may hold what this one would misread. */
async function requireKnown(kysely: Kysely<unknown>): Promise<void> {
  const table = await sql<{ there: boolean }>`select to_regclass('public.kysely_migration') is not null as there`.execute(kysely);
  if (!table.rows[0]?.there) return;
  const ran = await sql<{ name: string }>`select name from public.kysely_migration order by name`.execute(kysely);
  const unknown = ran.rows.map((row) => row.name).filter((name) => !Object.hasOwn(MIGRATIONS, name));
  if (unknown.length > 0) {
    throw new DatabaseUnfit(
      `数据库比程序新（${unknown.join('、')}），请升级程序，或恢复升级前的备份`,
      `The database is newer than this program (${unknown.join(', ')}): upgrade the program, or restore the backup made before`,
    );
  }
}

/** PostgreSQL says what an administrator has to do in `hint`, which the message alone would lose. */
function withHint(error: unknown): unknown {
  if (error instanceof pg.DatabaseError && error.code === '42501' && error.hint) {
    return new DatabaseUnfit(`数据库权限不够，请让管理员执行：${error.hint}`, `${error.message}. ${error.hint}`, error);
  }
  return error;
}
