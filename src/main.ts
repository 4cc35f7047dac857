/** `npm start`: reads the environment, starts database and server, and stops them in the opposite order. */
import { ConfigError, loadConfig, type Config } from './config.ts';
import { startEmbedded, type Embedded } from './db/embedded.ts';
import { AlreadyRunning } from './db/embedded/lock.ts';
import { EmbeddedUnusable } from './db/embedded/unusable.ts';
import { DatabaseUnfit } from './db/migrate.ts';
import { demoPassword } from './demo-password.ts';
import { NoDistrict } from './grid/places.ts';
import { makeLogger } from './log.ts';
import { startServer, type RunningServer } from './server.ts';

/** Faults of the surroundings, with words for who starts it; everything else is a bug and shows its stack. */
const EXPECTED = [ConfigError, AlreadyRunning, EmbeddedUnusable, DatabaseUnfit, NoDistrict];
/** A stop that hangs is ended after this, milliseconds; the journal has nothing acknowledged that is not on disk. */
const STOP_LIMIT_MS = 20_000;

interface Started {
  readonly embedded: Embedded | undefined;
  readonly server: RunningServer;
}

async function start(config: Config): Promise<Started> {
  const log = makeLogger(config.logLevel);
  const embedded =
    config.databaseUrl === undefined
      ? await startEmbedded({ dataDir: config.dataDir, log: (line) => log.info({ from: 'postgresql' }, line) })
      : undefined;
  try {
    const password = config.demo === 'all' ? demoPassword(config.dataDir, config.demoPassword) : undefined;
    const server = await startServer({
      owner: embedded?.owner ?? { connectionString: config.databaseUrl! },
      district: config.district,
      host: config.host,
      port: config.port,
      world: config.demo !== 'none',
      log,
      trustProxy: config.trustProxy,
      baseMap: config.baseMap,
      ...(config.busUrl === undefined ? {} : { busUrl: config.busUrl }),
      ...(password === undefined ? {} : { demoPassword: password }),
    });
    embedded?.announce(server.url);
    greet(server.url, password);
    return { embedded, server };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

/** What a person who started it wants to know: where, and as whom. */
function greet(url: string, password: string | undefined): void {
  const lines = ['', `  凤鸣 Fengming  ${url}`, `  接口 API       ${url}/docs`];
  if (password !== undefined) {
    lines.push(
      '',
      `  演示密码 password of the demo accounts: ${password}`,
      '  网格员 grid worker      grid.441802006001001',
      '  社区 community          community.441802006001',
      '  街道 subdistrict        subdistrict.441802006',
      '  指挥中心 centre         district.441802',
      '  处置单位 unit           unit.fengcheng-police',
      '  （不同角色请用不同的浏览器或无痕窗口 Use a separate browser or private window per role）',
    );
  }
  console.log([...lines, ''].join('\n'));
}

async function stop({ embedded, server }: Started): Promise<void> {
  await server.stop();
  await embedded?.stop();
}

let started: Started | undefined;
let stopping = false;

function onSignal(): void {
  // Before it is up there is nothing to hand over: leaving tells PostgreSQL to end too.
  if (started === undefined || stopping) process.exit(130);
  stopping = true;
  setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
  stop(started).then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error instanceof Error ? error.stack : error);
      process.exit(1);
    },
  );
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);

try {
  started = await start(loadConfig(process.env));
} catch (error) {
  const expected = EXPECTED.some((known) => error instanceof known);
  console.error(error instanceof Error ? (expected ? error.message : error.stack) : error);
  process.exit(1);
}
