/** What the environment may set. Everything has a default: `npm start` asks nothing. */
import path from 'node:path';
import { z } from 'zod';

/** An empty variable (`PORT= npm start`) means the same as none. */
const unsetWhenEmpty = (value: unknown): unknown => (value === '' ? undefined : value);
const variable = <T extends z.ZodType>(schema: T) => z.preprocess(unsetWhenEmpty, schema);

const port = z.coerce.number().int().min(0).max(65535);
const urlOf = (...schemes: string[]) =>
  z
    .string()
    .refine(
      (value) => URL.canParse(value) && schemes.includes(new URL(value).protocol),
      `must start with ${schemes.map((s) => `${s}//`).join(' or ')}`,
    );

const Environment = z.object({
  /** TCP port of HTTP and WebSocket. 0: any free one, printed at the start. */
  PORT: variable(port.default(8080)),
  /** Address to listen on. Loopback unless told: put a proxy with TLS before it, or set `0.0.0.0` knowingly. */
  HOST: variable(z.string().default('127.0.0.1')),
  /** A PostgreSQL of your own, 15 or newer. Unset: an embedded one under `DATA_DIR`. */
  DATABASE_URL: variable(urlOf('postgres:', 'postgresql:').optional()),
  /** Where the embedded database and the demo password live. Relative to the working directory. */
  DATA_DIR: variable(z.string().default('.data')),
  /**
   * `1` loads the demo world and its accounts into an empty database; `world` the places, units and tables of 清城区 without any account.
   * Unset: `1` with the embedded database, else `0`.
   */
  DEMO: variable(z.enum(['0', '1', 'world']).optional()),
  /** Password of all demo accounts. Unset: made at random on the first start and kept in `DATA_DIR`. */
  DEMO_PASSWORD: variable(z.string().min(8).optional()),
  /** How several nodes wake each other. Unset: PostgreSQL NOTIFY. */
  BUS_URL: variable(urlOf('nats:', 'tls:').optional()),
  /** `1`: a proxy of yours on another machine writes `X-Forwarded-For`; believed from this machine in any case. */
  TRUST_PROXY: variable(z.enum(['0', '1']).default('0')),
  /** Lines below this level are not logged. */
  LOG_LEVEL: variable(z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info')),
});

const DEMO = { '0': 'none', '1': 'all', world: 'world' } as const;

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly databaseUrl: string | undefined;
  /** Absolute. */
  readonly dataDir: string;
  readonly demo: 'none' | 'world' | 'all';
  readonly demoPassword: string | undefined;
  readonly busUrl: string | undefined;
  readonly trustProxy: boolean;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  /** 清城区: the district of this deployment, by its administrative code (GB/T 2260). */
  readonly district: 441802;
}

/** A variable that cannot be used: `message` names each one, its fault and what to do, and never its value (it may hold a password). */
export class ConfigError extends Error {
  constructor(faults: readonly { variable: string; fault: string }[]) {
    const lines = faults.map(({ variable, fault }) => `  ${variable}: ${fault}`);
    super(
      ['环境变量不对，请改正后再启动：', 'These environment variables cannot be used; mend them and start again:', ...lines].join('\n'),
    );
    this.name = 'ConfigError';
  }
}

/** @throws ConfigError naming every variable that cannot be used. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => ({ variable: issue.path.join('.'), fault: issue.message })));
  }
  const e = parsed.data;
  return {
    port: e.PORT,
    host: e.HOST,
    databaseUrl: e.DATABASE_URL,
    dataDir: path.resolve(e.DATA_DIR),
    demo: DEMO[e.DEMO ?? (e.DATABASE_URL === undefined ? '1' : '0')],
    demoPassword: e.DEMO_PASSWORD,
    busUrl: e.BUS_URL,
    trustProxy: e.TRUST_PROXY === '1',
    logLevel: e.LOG_LEVEL,
    district: 441802,
  };
}
