/** 效能 over HTTP, with the whole service behind it. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { READS } from '../../src/assessment/start.ts';
import { caller, type Caller } from '../settings/caller.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const CELL = '441802006001001';
const OFFICE = 'district.441802';
let service: TestServer;
let ask: Caller;

beforeAll(async () => {
  service = await startTestServer();
  ask = caller(service.url);
  const report = { category: 'C0102-01', description: '井盖翻起', position: { lng: 113.0008, lat: 23.6795 } };
  for (let i = 0; i < 3; i++) await ask(`grid.${CELL}`, 'POST', '/incidents', report);
  await ask(OFFICE, 'POST', '/incidents', { ...report, drill: true });
});
afterAll(() => service?.stop());

describe('the figures of today', () => {
  it('count what was reported a moment ago', async () => {
    const { status, body } = await ask(OFFICE, 'GET', '/figures/day');
    expect(status).toBe(200);
    expect(body).toMatchObject({ counts: { reported: 3, open: 3, closed: 0 }, places: 'subdistrict' });
    // A drill runs as in earnest and counts nowhere, and it is said that it is left out.
    expect(body.leftOut.drill).toBe(1);
    expect(body.byPlace).toMatchObject([{ code: '441802006', reported: 3 }]);
  });
  it('are of the caller’s place: another subdistrict has none', async () => {
    expect((await ask('subdistrict.441802007', 'GET', '/figures/day')).body.counts.reported).toBe(0);
    expect((await ask('subdistrict.441802006', 'GET', '/figures/day')).body).toMatchObject({
      counts: { reported: 3 },
      places: 'community',
    });
    expect((await ask('subdistrict.441802007', 'GET', '/figures/behind?set=reported')).body.items).toEqual([]);
  });
  it('are the same for many who ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(OFFICE, 'GET', '/figures/day?level=R2')));
    expect(new Set(answers.map((a) => a.body.asOf)).size).toBe(1);
  });
  it('are bounded where many ask for different things at once: who finds no place is told to come back', async () => {
    const owner = new pg.Client(service.database.config);
    await owner.connect();
    await owner.query('begin; lock table incident in access exclusive mode');
    const room = READS.atOnce + READS.waiting;
    const paths = Array.from(
      { length: room + 3 },
      (_, i) => `/figures/${i % 2 === 0 ? 'day?' : 'behind?set=reported&'}from=${1980 + i}-01-01`,
    );
    const asked = paths.map((path) => ask(OFFICE, 'GET', path));
    // Refused at once, while nothing moves: exactly those for whom there is no room.
    const refused: unknown[] = [];
    for (const answer of asked) void answer.then(({ status, body }) => refused.push([status, body.code]));
    await expect.poll(() => refused.length, { timeout: 10_000 }).toBe(3);
    expect(refused).toEqual(Array(3).fill([503, 'busy']));
    await owner.query('rollback');
    await owner.end();
    expect((await Promise.all(asked)).filter(({ status }) => status === 200)).toHaveLength(room);
  });
  it('say what they are made of', async () => {
    const { body } = await ask(OFFICE, 'GET', '/figures/definitions');
    expect(body.items.map((d: { name: string }) => d.name)).toEqual([
      'responseRate',
      'resolutionRate',
      'satisfactionRate',
      'onTimeRate',
      'ringDelay',
    ]);
    for (const { formula, counted, leftOut, source } of body.items) {
      for (const words of [formula, counted, leftOut, source]) expect(words.zh.length * words.en.length).toBeGreaterThan(0);
    }
  });
  it.each(['from=2026-13-01', 'from=2026-01-02&to=2026-01-01', 'from=2020-01-01&to=2026-01-01', 'level=R9', 'subdistrict=1'])(
    'refuse %s with a reason',
    async (query) => {
      const { status, body } = await ask(OFFICE, 'GET', `/figures/day?${query}`);
      expect(status).toBe(422);
      expect(body.code).toBe('invalid-query');
      expect(body.errors.length).toBeGreaterThan(0);
    },
  );
  it('list what is behind a mark, page by page', async () => {
    const first = (await ask(OFFICE, 'GET', '/figures/behind?set=reported&limit=2')).body;
    const rest = (await ask(OFFICE, 'GET', `/figures/behind?set=reported&limit=2&after=${first.next}`)).body;
    expect([...first.items, ...rest.items].map((i: { category: string }) => i.category)).toEqual(['C0102-01', 'C0102-01', 'C0102-01']);
    expect(rest.next).toBeNull();
  });
});
