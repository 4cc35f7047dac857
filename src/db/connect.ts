/**
 * Connections of the service. All run as the role `fengming_app`, which the first migration makes: the login (the owner of the
 * tables) is only used to migrate, so that even a flaw in the service cannot rewrite the log.
 */
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Schema } from './schema.ts';

/**
 * Longer than the slowest read of a page, shorter than a person waits. Exports read in pieces.
 * A transaction left open keeps dead rows of `feed` alive and slows every writer: it is ended after the same time.
 */
const STATEMENT_TIMEOUT_MS = 30_000;
const LOCK_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;
const POOL_SIZE = 16;

/** What every connection sets, whatever the server's own configuration says: days are the district's, not the server's. */
const SESSION = [
  '-c role=fengming_app',
  '-c TimeZone=Asia/Shanghai',
  `-c statement_timeout=${STATEMENT_TIMEOUT_MS}`,
  `-c lock_timeout=${LOCK_TIMEOUT_MS}`,
  `-c idle_in_transaction_session_timeout=${STATEMENT_TIMEOUT_MS}`,
].join(' ');

export interface Database {
  readonly kysely: Kysely<Schema>;
  readonly pool: pg.Pool;
  /**
   * A connection of its own, outside the pool: for named statements, LISTEN, or settings of its own.
   * When it is lost it emits `error` and `end` and stays lost; the caller opens another.
   *
   * @param name     shown in pg_stat_activity as `fengming <name>`.
   * @param options  further settings, such as `-c jit=off`; a later one wins.
   */
  client(name: string, options?: string): Promise<pg.Client>;
  /** Ends the pool, once its queries are answered, and every connection handed out by `client`. */
  close(): Promise<void>;
}

/** Opens no connection yet: the first query does. @param config the login, as `startEmbedded` gives it or `{ connectionString }`. */
export function openDatabase(config: pg.ClientConfig): Database {
  const pool = new pg.Pool({ ...sessionConfig(config, 'fengming', SESSION), max: POOL_SIZE });
  // An idle connection that breaks (PostgreSQL restarts) is dropped by the pool. Unheard, this event would end the process.
  pool.on('error', () => undefined);
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  const handedOut = new Set<pg.Client>();

  return {
    kysely,
    pool,
    async client(name, options = '') {
      const client = new pg.Client(sessionConfig(config, `fengming ${name}`, `${SESSION} ${options}`));
      // As above: the caller listens to `end` (or sees its query fail); a lost connection never ends the process.
      client.on('error', () => undefined);
      handedOut.add(client);
      client.on('end', () => handedOut.delete(client));
      try {
        await client.connect();
      } catch (error) {
        handedOut.delete(client);
        throw error;
      }
      return client;
    },
    async close() {
      await kysely.destroy();
      await Promise.all([...handedOut].map((client) => client.end()));
    },
  };
}

/** The login with our settings. `pg` lets a connection string win over everything beside it, so they go into the string. */
function sessionConfig(config: pg.ClientConfig, name: string, options: string): pg.ClientConfig {
  const common: pg.ClientConfig = { connectionTimeoutMillis: CONNECT_TIMEOUT_MS, keepAlive: true, types: TYPES };
  if (config.connectionString === undefined) {
    return { ...config, ...common, application_name: name, options: [config.options, options].filter(Boolean).join(' ') };
  }
  const url = new URL(config.connectionString);
  url.searchParams.set('options', [url.searchParams.get('options'), options].filter(Boolean).join(' '));
  url.searchParams.set('application_name', name);
  return { ...config, ...common, connectionString: url.href };
}

/**
 * bigint as a number: `seq` and counts stay far below 2^53, and one beyond is an error rather than a wrong digit.
 * date as 'YYYY-MM-DD': pg would make it midnight of the node's own time zone, which is another day elsewhere.
 */
const TYPES: pg.CustomTypesConfig = {
  getTypeParser(oid, format) {
    if (format !== 'binary') {
      if (oid === pg.types.builtins.INT8) return safeInteger as never;
      if (oid === pg.types.builtins.DATE) return asText as never;
    }
    return pg.types.getTypeParser(oid, format as 'text') as never;
  },
};

const asText = (text: string): string => text;

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} is beyond 2^53`);
  return value;
}
