/** A district on its worst day: thousands of incidents, reported as people do, and units that drive about and say where they are. */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { v7 as uuid } from 'uuid';
import { WebSocket } from 'ws';
import { SETTINGS_CHANNEL } from '../../src/db/settings-version.ts';
import type { Area } from '../../src/grid/geometry.ts';
import { buildLocator } from '../../src/grid/locate.ts';

const DISTRICT = 441802;

interface Cell {
  readonly properties: { readonly code: string };
  readonly geometry: { readonly type: string; readonly coordinates: readonly (readonly (readonly [number, number])[])[] };
}
interface Category {
  readonly code: string;
  readonly level: string;
}
type LngLat = readonly [lng: number, lat: number];

const CELLS = new URL('../../data/world/cells.geojson', import.meta.url);
/** Cells of one piece into whose every corner one can go a third of the way from the middle: at a bent border that would be outside. */
function plainCells(): Cell[] {
  const { features } = JSON.parse(readFileSync(CELLS, 'utf8')) as { features: Cell[] };
  const locator = buildLocator(features.map((f) => ({ code: f.properties.code, geometry: f.geometry as unknown as Area })));
  const inside = ([lng, lat]: LngLat) => locator.at(lng, lat) !== null;
  return features.filter((f) => {
    if (f.geometry.type !== 'Polygon') return false;
    const corners = f.geometry.coordinates[0]!.length - 1;
    return [0, MOST].every((part) => Array.from({ length: corners }, (_, i) => towards(f, i, part)).every(inside));
  });
}
/** Share of the way from a cell's middle to a corner. */
const MOST = 0.33;
function towards(cell: Cell, turn: number, part: number): LngLat {
  const ring = cell.geometry.coordinates[0]!.slice(1);
  const mean = (axis: 0 | 1) => ring.reduce((sum, corner) => sum + corner[axis], 0) / ring.length;
  const corner = ring[turn % ring.length]!;
  return [mean(0) + (corner[0] - mean(0)) * part, mean(1) + (corner[1] - mean(1)) * part];
}

const pointIn = (cell: Cell, turn: number): LngLat => towards(cell, turn, MOST * ((turn * 0.618) % 1));

/** A session for each account, as if it had signed in: a thousand password checks would measure argon2. @returns the tokens, by account. */
export async function openSessions(owner: pg.ClientBase, accounts: readonly string[]): Promise<Map<string, string>> {
  const tokens = new Map(accounts.map((account) => [account, randomBytes(32).toString('base64url')]));
  await owner.query(
    `insert into session (district, id, token_hash, account, expires_at)
      select $1, i, decode(h, 'hex'), a, now() + interval '1 day' from unnest($2::uuid[], $3::text[], $4::text[]) s(i, h, a)`,
    [
      DISTRICT,
      accounts.map(() => uuid()),
      accounts.map((account) => createHash('sha256').update(tokens.get(account)!).digest('hex')),
      accounts,
    ],
  );
  return tokens;
}

/** Reported at once at most; the journal takes many times that. */
const REPORTS_AT_ONCE = 24;
const REPORTERS = 40;
/** Of a hundred reports: how grave they are. One in a hundred is critical and goes on by itself. */
const MIX: readonly (readonly [level: string, of: number])[] = [
  ['R1', 1],
  ['R2', 9],
  ['R3', 30],
  ['R4', 60],
];

/** @throws Error with the problem's code when a report is refused. */
export async function reportIncidents(url: string, owner: pg.ClientBase, count: number): Promise<void> {
  const cells = plainCells();
  const reporters = cells.slice(0, REPORTERS).map((cell) => `grid.${cell.properties.code}`);
  const tokens = [...(await openSessions(owner, reporters)).values()];
  const rows = (await (await ask(url, tokens[0]!, '/categories')).json()) as { items: Category[] };
  const byLevel = (level: string) => rows.items.filter((c) => c.level === level);
  const mix = MIX.flatMap(([level, of]) => Array.from({ length: of }, (_, i) => byLevel(level)[i % byLevel(level).length]!.code));
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < count; i = next++) {
      const [lng, lat] = pointIn(cells[(i * 37) % cells.length]!, i);
      const answer = await ask(url, tokens[i % tokens.length]!, '/incidents', {
        category: mix[(i * 61) % mix.length],
        description: `压测第 ${i + 1} 件`,
        position: { lng: Number(lng.toFixed(6)), lat: Number(lat.toFixed(6)), accuracyM: 8 },
      });
      if (!answer.ok) throw new Error(`report ${i + 1}: ${answer.status} ${await answer.text()}`);
      await answer.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: REPORTS_AT_ONCE }, worker));
}

function ask(url: string, token: string, path: string, body?: object): Promise<Response> {
  return fetch(`${url}/api/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'idempotency-key': uuid() }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** More units like those that there are, each with an account. @returns their codes. */
export async function addUnits(owner: pg.ClientBase, count: number): Promise<string[]> {
  const codes = Array.from({ length: count }, (_, i) => `load-${String(i + 1).padStart(4, '0')}`);
  const cells = plainCells();
  const at = codes.map((_, i) => pointIn(cells[(i * 53) % cells.length]!, i));
  await owner.query(
    `insert into unit select district, c, '压测单位 ' || c, 'Load unit ' || c, type, subdistrict, community, x, y,
        scope_kind, scope, shift_pattern, crews, c, 'full'
      from (select * from unit where district = $1 order by code limit 1) u, unnest($2::text[], $3::float8[], $4::float8[]) n(c, x, y)`,
    [DISTRICT, codes, at.map((p) => p[0]), at.map((p) => p[1])],
  );
  await owner.query(
    `insert into account (district, account, role, name_zh, name_en, unit, password_hash)
      select district, 'unit.' || c, role, name_zh, name_en, c, password_hash
      from (select * from account where district = $1 and role = 'unit' order by account limit 1) a, unnest($2::text[]) n(c)`,
    [DISTRICT, codes],
  );
  await owner.query(
    'insert into settings_version values ($1, 1) on conflict (district) do update set version = settings_version.version + 1',
    [DISTRICT],
  );
  await owner.query('select pg_notify($1, $2)', [SETTINGS_CHANNEL, String(DISTRICT)]);
  return codes;
}

/** A page reads its units once: it is opened when the node has them. @throws Error when it has not after a minute. */
export async function untilKnown(url: string, owner: pg.ClientBase, code: string): Promise<void> {
  const account = `unit.${code}`;
  const token = (await openSessions(owner, [account])).get(account)!;
  for (const until = Date.now() + 60_000; Date.now() < until; await sleep(250)) {
    const { items } = (await (await ask(url, token, '/units')).json()) as { items: { code: string }[] };
    if (items.some((unit) => unit.code === code)) return;
  }
  throw new Error(`the node at ${url} does not have the new units`);
}

export interface Traffic {
  /** Position frames sent so far. */
  readonly sent: () => number;
  stop(): Promise<void>;
}

/** Degrees a second; some 12 m, as a car in a town. */
const STEP_DEG = 0.00011;
/** Sockets opened at once. */
const OPEN_AT_ONCE = 50;

/** Each unit with a socket of its own, which says once a second where it has got to: on a circle around its home. */
export async function drive(url: string, owner: pg.ClientBase, codes: readonly string[]): Promise<Traffic> {
  const accounts = codes.map((code) => `unit.${code}`);
  const tokens = await openSessions(owner, accounts);
  const { rows } = await owner.query<{ code: string; lng: number; lat: number }>(
    'select code, lng, lat from unit where district = $1 and code = any($2)',
    [DISTRICT, codes],
  );
  const sockets: { socket: WebSocket; home: LngLat; turn: number }[] = [];
  for (let at = 0; at < rows.length; at += OPEN_AT_ONCE) {
    const opening = rows.slice(at, at + OPEN_AT_ONCE).map(async ({ code, lng, lat }, i) => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, {
        headers: { authorization: `Bearer ${tokens.get(`unit.${code}`)}` },
      });
      await new Promise((opened, failed) => socket.once('open', opened).once('error', failed));
      // No topics: it rings, and hears of nothing else.
      socket.send(JSON.stringify({ type: 'follow', topics: [] }));
      sockets.push({ socket, home: [lng, lat], turn: at + i });
    });
    await Promise.all(opening);
  }
  let sent = 0;
  let going = true;
  const RADIUS_DEG = 0.004;
  const driving = (async () => {
    const began = Date.now();
    // A tenth of them each tenth of a second: devices do not speak in chorus.
    for (let tenth = 0; going; tenth++) {
      for (let i = tenth % 10; i < sockets.length; i += 10) {
        const { socket, home, turn } = sockets[i]!;
        if (socket.readyState !== WebSocket.OPEN) continue;
        const angle = turn + ((Date.now() - began) / 1_000) * (STEP_DEG / RADIUS_DEG);
        const position = { lng: home[0] + Math.cos(angle) * RADIUS_DEG, lat: home[1] + Math.sin(angle) * RADIUS_DEG, accuracyM: 6 };
        socket.send(JSON.stringify({ type: 'position', position, at: new Date().toISOString() }));
        sent += 1;
      }
      await sleep(Math.max(0, began + (tenth + 1) * 100 - Date.now()));
    }
  })();
  return {
    sent: () => sent,
    async stop() {
      going = false;
      await driving;
      for (const { socket } of sockets) socket.terminate();
    },
  };
}
