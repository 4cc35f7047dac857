/** The database that a tool works on: the one of DATABASE_URL, else that of the service that runs on DATA_DIR. */
import type pg from 'pg';
import { loadConfig } from '../src/config.ts';
import { runningDatabase } from '../src/db/embedded.ts';

/** There is neither; `message` says what to do, in both languages. */
export class NoService extends Error {}

/** @throws NoService, ConfigError */
export function serviceDatabase(env: NodeJS.ProcessEnv): pg.ClientConfig {
  const { databaseUrl, dataDir } = loadConfig(env);
  const login = databaseUrl === undefined ? runningDatabase(dataDir) : { connectionString: databaseUrl };
  if (login !== undefined) return login;
  throw new NoService(
    `${dataDir} 上没有服务在运行。请先 npm start，或用 DATABASE_URL 指出数据库。\nNo service runs on ${dataDir}. Start it with npm start, or name a database in DATABASE_URL.`,
  );
}
