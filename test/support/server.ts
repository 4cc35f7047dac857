/** The whole product on a free port, in this process, on a database of its own with the demo world. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { startServer, type RunningServer } from '../../src/server.ts';
import { openTestDatabase, type TestDatabase } from './database.ts';

export const PASSWORD = 'test-password';

export interface TestServer {
  readonly server: RunningServer;
  readonly url: string;
  readonly database: TestDatabase;
  /** Starts it anew at the same address, with other pages: as an update does. */
  restart(distDir: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * @param options.pages  serves the built pages from dist/; without them only the API is there.
 * @param options.pushAnywhere  web push goes to a push service of the test too.
 */
export async function startTestServer(options: { pages?: boolean; pushAnywhere?: boolean } = {}): Promise<TestServer> {
  const database = await openTestDatabase({ world: true });
  const noPages = options.pages ? undefined : mkdtempSync(path.join(tmpdir(), 'fengming-no-pages-'));
  const start = (port: number, distDir: string | undefined) =>
    startServer({
      owner: database.config,
      district: 441802,
      host: '127.0.0.1',
      port,
      world: true,
      demoPassword: PASSWORD,
      log: pino({ level: 'silent' }),
      ...(options.pushAnywhere === undefined ? {} : { pushAnywhere: options.pushAnywhere }),
      ...(distDir === undefined ? {} : { distDir }),
    });
  let server = await start(0, noPages);
  return {
    get server() {
      return server;
    },
    url: server.url,
    database,
    async restart(distDir) {
      await server.stop();
      server = await start(server.port, distDir);
    },
    async stop() {
      await server.stop();
      await database.drop();
      if (noPages !== undefined) rmSync(noPages, { recursive: true, force: true });
    },
  };
}
