/** An hour of the log is what happened in it: folded by other hands than the service's, it comes to the same. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Command } from '../../src/dispatch/chain/commands.ts';
import type { Incident } from '../../src/dispatch/chain/incident.ts';
import { placed } from '../../src/dispatch/chain/permissions.ts';
import { overviewRoutes } from '../../src/dispatch/overview-routes.ts';
import { heatOf } from '../../src/dispatch/overview.ts';
import { replayOf } from '../../src/dispatch/replay.ts';
import type { Replay } from '../../src/dispatch/overview-schemas.ts';
import { Problem } from '../../src/errors.ts';
import { ROLES, type Actor } from '../../src/identity/actor.ts';
import { maySee } from '../../src/identity/scope.ts';
import { answerProblem, newRouter } from '../../src/router.ts';
import { DISTRICT, done, openDeskWorld, peopleOf, pointIn, reportInput, type DeskWorld, type People } from './desk-world.ts';

const HOUR_MS = 3_600_000;
let world: DeskWorld;
let people: People[];
let unit: string;
/** What was made, by the part it plays. */
const made: Record<string, Incident> = {};
let start: Date;
let end: Date;

async function report(i: number): Promise<Incident> {
  const cells = [...world.reference.cells.values()];
  const cell = cells[i * 60]!;
  people[i] = peopleOf(cell);
  const input = { ...reportInput(world), position: pointIn(world.reference, cell) };
  return done(await world.desk.report(input, people[i]!.gridWorker, randomUUID())).incident;
}
const move = async (incident: Incident, actor: Actor, command: Command): Promise<Incident> =>
  done(await world.desk.move(incident.id, command, actor, randomUUID())).incident;
const hour = (actor: Actor, from = start, until = end) => replayOf(world.db.kysely, actor, { from, until });
const instant = () => new Date(world.clock.now().getTime());

/** Three hours: what came before, the hour that is played, what came after. */
beforeAll(async () => {
  world = await openDeskWorld();
  people = [];
  unit = [...world.reference.units.values()].find((u) => u.mayLead)!.code;
  made.open = await report(0);
  made.called = await move(await report(1), people[1]!.community, { verb: 'call' });
  made.goneBefore = await move(await report(2), people[2]!.community, { verb: 'reject', reason: '不属实' });
  made.endsInIt = await report(3);
  await world.timeMoves(HOUR_MS);
  start = instant();
  made.accepted = await move(made.called, people[1]!.subdistrict, { verb: 'accept' });
  made.sent = await move(made.accepted, people[1]!.subdistrict, { verb: 'dispatch', lead: { unit } });
  made.endsInIt = await move(made.endsInIt, people[3]!.community, { verb: 'reject', reason: '重复' });
  made.new = await report(4);
  await world.timeMoves(2 * HOUR_MS);
  end = instant();
  made.open = await move(made.open, people[0]!.community, { verb: 'call' });
  made.after = await report(5);
});
afterAll(() => world.close());

const known = (replay: Replay) => new Map(replay.incidents.map((i) => [i.id, i]));

describe('回放 (an hour played again)', () => {
  it('begins with the incidents as they stood, not as they are', async () => {
    const incidents = known(await hour(world.people.district));
    expect(incidents.get(made.open!.id)?.start).toMatchObject({ state: 'reported', version: 1 });
    expect(incidents.get(made.called!.id)?.start).toMatchObject({ state: 'called', assignments: [] });
    expect(incidents.get(made.new!.id)).toMatchObject({ number: made.new!.number, start: null });
    expect(incidents.has(made.goneBefore!.id)).toBe(false);
    expect(incidents.has(made.after!.id)).toBe(false);
  });

  it('has every move of the hour, in the order of the log, and no other', async () => {
    const { moves } = await hour(world.people.district);
    const { rows } = await world.db.pool.query<{ seq: string }>(
      'select seq from move where district = $1 and at >= $2 and at < $3 order by seq',
      [DISTRICT, start, end],
    );
    expect(moves.map((m) => m.seq)).toEqual(rows.map((r) => Number(r.seq)));
    expect(moves.map((m) => m.verb)).toEqual(['accept', 'dispatch', 'reject', 'report']);
  });

  it('comes with its moves to what the hour left', async () => {
    const { incidents, moves } = await hour(world.people.district);
    const now = new Map(incidents.map((i) => [i.id, i.start]));
    for (const m of moves) now.set(m.incident, m.after);
    expect(now.get(made.sent!.id)).toMatchObject({
      state: 'dispatched',
      version: made.sent!.version,
      assignments: [{ unit, role: 'lead', state: 'assigned' }],
    });
    expect(now.get(made.endsInIt!.id)?.state).toBe('rejected');
    expect(now.get(made.open!.id)?.state).toBe('reported');
  });

  it('shows every role what maySee says', async () => {
    const whole = (await hour(world.people.district)).incidents.map((i) => i.id);
    const current = Object.values(made).filter((i) => whole.includes(i.id));
    const newest = new Map(current.map((i) => [i.id, i]));
    newest.set(made.sent!.id, made.sent!);
    const actors: Actor[] = [
      ...people.flatMap((p) => [p.gridWorker, p.community, p.subdistrict]),
      world.people.unit(unit),
      { account: 'leader.1', role: 'leader', district: DISTRICT, communities: [people[1]!.community.community!] },
      ...ROLES.map((role): Actor => ({ account: `bare.${role}`, role, district: DISTRICT })),
      { account: 'district.441803', role: 'district', district: 441803 },
    ];
    const sizes = new Set<number>();
    for (const actor of actors) {
      const { incidents, moves } = await hour(actor);
      const wanted = [...newest.values()].filter((i) => maySee(actor, placed(i))).map((i) => i.id);
      expect({ actor, ids: incidents.map((i) => i.id).sort() }).toEqual({ actor, ids: wanted.sort() });
      expect(moves.every((m) => wanted.includes(m.incident))).toBe(true);
      sizes.add(wanted.length);
    }
    expect(sizes.size).toBeGreaterThan(2);
  });

  it('names no person to those who are not told', async () => {
    const seenByUnit = await hour(world.people.unit(unit));
    expect(seenByUnit.moves.length).toBeGreaterThan(0);
    const seenByDistrict = await hour(world.people.district);
    expect(seenByDistrict.moves.find((m) => m.verb === 'report')?.actor).toBe(people[4]!.gridWorker.account);
    const all = await hour(world.people.unit(unit), new Date(start.getTime() - 2 * HOUR_MS));
    expect(all.moves.find((m) => m.verb === 'report')?.actor).toBe('grid');
  });

  it('says when there was more than it reads', async () => {
    const most = 2;
    const cut = await replayOf(world.db.kysely, world.people.district, { from: start, until: end }, most);
    expect(cut.cutOff).toBe(true);
    expect(cut.incidents.length).toBeLessThanOrEqual(most);
    expect((await hour(world.people.district)).cutOff).toBe(false);
  });
});

describe('over HTTP', () => {
  const ask = async (actor: Actor, path: string) => {
    const app = newRouter();
    app.use(async (c, next) => {
      c.set('actor', actor);
      await next();
    });
    app.route('/', overviewRoutes({ db: world.db, district: DISTRICT, clock: world.clock }));
    const answer = await app.request(path);
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- bodies are looked at field by field
    return { status: answer.status, body: (await answer.json()) as any };
  };
  const at = (time: Date) => encodeURIComponent(time.toISOString());

  it('plays at most an hour, and nothing that has not happened', async () => {
    const { status, body } = await ask(world.people.district, `/replay?from=${at(start)}`);
    expect(status).toBe(200);
    expect(body.moves).toHaveLength(4);
    const running = await ask(world.people.district, `/replay?from=${at(end)}`);
    expect(Date.parse(running.body.until)).toBeLessThanOrEqual(world.clock.now().getTime());
    for (const bad of [`from=${at(new Date(end.getTime() + HOUR_MS))}`, `from=${at(start)}&minutes=61`, 'from=yesterday', '']) {
      expect(await ask(world.people.district, `/replay?${bad}`)).toMatchObject({ status: 422, body: { code: 'invalid-query' } });
    }
  });

  it('keeps a short line for those who play: the rest is told to come back', async () => {
    const app = newRouter();
    app.use(async (c, next) => {
      c.set('actor', world.people.district);
      await next();
    });
    app.route('/', overviewRoutes({ db: world.db, district: DISTRICT, clock: world.clock }));
    app.onError((error, c) => {
      if (error instanceof Problem) return answerProblem(c, error);
      throw error;
    });
    const answers = await Promise.all(Array.from({ length: 12 }, () => app.request(`/replay?from=${at(start)}`)));
    expect(answers.map((a) => a.status).sort()).toEqual([...Array(9).fill(200), ...Array(3).fill(503)]);
    expect((await app.request(`/replay?from=${at(start)}`)).status).toBe(200);
  });

  it('counts reports by cell, without those that were none, in scope only', async () => {
    // Two days: the three hours of this story may lie on both sides of a midnight.
    const { body } = await ask(world.people.district, '/incidents/heat?days=2');
    const counted = [made.open!, made.sent!, made.new!, made.after!];
    expect(body.items).toEqual(counted.map(({ cell }) => ({ cell, count: 1 })).sort((a, b) => (a.cell < b.cell ? -1 : 1)));
    const own = await ask(people[1]!.community, '/incidents/heat');
    expect(own.body.items).toEqual([{ cell: made.sent!.cell, count: 1 }]);
    expect((await ask(world.people.district, '/incidents/heat?days=91')).status).toBe(422);
  });

  it('marks a drill as one in the hour that is played, and counts it in no cell', async () => {
    const { district } = world.people;
    const heat = async () => (await ask(district, '/incidents/heat?days=2')).body.items;
    const before = await heat();
    const from = instant();
    const drill = done(await world.desk.report({ ...reportInput(world), drill: true }, district, randomUUID())).incident;
    expect(await heat()).toEqual(before);
    const { incidents } = await hour(district, from, new Date(from.getTime() + HOUR_MS));
    expect(incidents.filter((i) => i.drill).map((i) => i.id)).toEqual([drill.id]);
  });

  it('counts whole days of China’s time, today among them', async () => {
    const { reportedAt } = made.after!;
    const midnight = Math.floor((Date.parse(reportedAt) + 8 * HOUR_MS) / (24 * HOUR_MS)) * 24 * HOUR_MS - 8 * HOUR_MS;
    const counted = async (days: number, now: number) =>
      (await heatOf(world.db.kysely, world.people.district, days, new Date(now))).items.some((i) => i.cell === made.after!.cell);
    expect(await counted(1, midnight + 24 * HOUR_MS - 1)).toBe(true);
    expect(await counted(1, midnight + 24 * HOUR_MS)).toBe(false);
    expect(await counted(2, midnight + 24 * HOUR_MS)).toBe(true);
  });

  it('says of a unit that it is at work to all who see positions, and where only to who may see the incident', async () => {
    expect((await ask(world.people.district, '/units/work')).body.items).toEqual([
      { unit, role: 'lead', state: 'assigned', incident: made.sent!.id },
    ]);
    const elsewhere = people.find((p) => p.subdistrict.subdistrict !== made.sent!.subdistrict)!.subdistrict;
    expect((await ask(elsewhere, '/units/work')).body.items).toEqual([{ unit, role: 'lead', state: 'assigned', incident: null }]);
    expect(await ask(people[1]!.community, '/units/work')).toMatchObject({ status: 403, body: { code: 'not-allowed' } });
  });
});
