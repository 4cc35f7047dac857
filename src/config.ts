/** What the environment may set. Everything has a default: `npm start` asks nothing. */
import path from 'node:path';
import { z } from 'zod';
import type { BaseMap } from './http/base-map.ts';

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

const baseMapUrl = z
  .string()
  .max(1_000)
  // No quotes, spaces or separators: its origin stands in the content security policy. `//host` would be an outside host that looks like a path.
  .refine(
    (value) => /^(https?:\/\/|\/(?!\/))[^\s"';,]+$/.test(value) && URL.canParse(value, 'http://this.host'),
    'must start with https://, http:// or /',
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
  /**
   * A map under the cells. Unset: none, and nothing is asked of anybody. Tiles with `{z}`, `{x}` and `{y}` in it, or a PMTiles file;
   * `https://…`, `http://…`, or a path of this host. Browsers of those who are signed in fetch it: that host sees which part of the map they look at.
   */
  BASE_MAP_URL: variable(baseMapUrl.optional()),
  /** Unset: `pmtiles` where the path ends so, else `raster`. */
  BASE_MAP_KIND: variable(z.enum(['raster', 'pmtiles']).optional()),
  /** What the tiles are drawn in; those of most Chinese providers in `gcj02`, which the pages then shift into place. */
  BASE_MAP_COORDS: variable(z.enum(['wgs84', 'gcj02']).default('wgs84')),
  /** Shown on the map, as the provider asks (审图号 with it). */
  BASE_MAP_ATTRIBUTION: variable(z.string().max(200).default('')),
  /** Largest zoom that the provider has; beyond it the map draws those larger. */
  BASE_MAP_MAX_ZOOM: variable(z.coerce.number().int().min(1).max(22).default(18)),
  /** Lines below this level are not logged. */
  LOG_LEVEL: variable(z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info')),
});

/** Faults of the base map that lie between its variables. */
const Whole = Environment.superRefine((e, context) => {
  if (e.BASE_MAP_URL === undefined) return;
  const fault = (variable: string, message: string) => context.addIssue({ code: 'custom', path: [variable], message });
  const kind = kindOf(e.BASE_MAP_URL, e.BASE_MAP_KIND);
  if (kind === 'raster' && !['{z}', '{x}', '{y}'].every((part) => e.BASE_MAP_URL!.includes(part))) {
    fault('BASE_MAP_URL', 'tiles need {z}, {x} and {y} in it');
  }
  if (kind === 'pmtiles' && e.BASE_MAP_COORDS === 'gcj02')
    fault('BASE_MAP_COORDS', 'a PMTiles file must be in wgs84: shift it when it is made');
});

const kindOf = (url: string, kind: BaseMap['kind'] | undefined): BaseMap['kind'] =>
  kind ?? (/\.pmtiles(\?|$)/i.test(url) ? 'pmtiles' : 'raster');

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
  /** null: none, the cells are the map. */
  readonly baseMap: BaseMap | null;
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
  const parsed = Whole.safeParse(env);
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
    baseMap:
      e.BASE_MAP_URL === undefined
        ? null
        : {
            url: e.BASE_MAP_URL,
            kind: kindOf(e.BASE_MAP_URL, e.BASE_MAP_KIND),
            coords: e.BASE_MAP_COORDS,
            attribution: e.BASE_MAP_ATTRIBUTION,
            maxZoom: e.BASE_MAP_MAX_ZOOM,
          },
    logLevel: e.LOG_LEVEL,
    district: 441802,
  };
}
