import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Incident } from '../../src/dispatch/chain/incident.ts';
import { placed } from '../../src/dispatch/chain/permissions.ts';
import { listIncidents, listMoves } from '../../src/dispatch/incidents.ts';
import { IncidentQuery } from '../../src/dispatch/schemas.ts';
import { ROLES, type Actor } from '../../src/identity/actor.ts';
import { maySee } from '../../src/identity/scope.ts';
import { DISTRICT, done, openDeskWorld, peopleOf, pointIn, reportInput, type DeskWorld } from './desk-world.ts';

describe('reading incidents', () => {
  let world: DeskWorld;
  const incidents: Incident[] = [];
  let everybody: Actor[];

  /** Reports in cells of several communities and subdistricts; some are reported by a stranger to the cell, some are dispatched. */
  beforeAll(async () => {
    world = await openDeskWorld();
    const cells = [...world.reference.cells.values()].filter((_, i) => i % 60 === 0).slice(0, 12);
    const people = cells.map(peopleOf);
    const units = [...world.reference.units.values()].filter((u) => u.mayLead).slice(0, 4);
    for (const [i, cell] of cells.entries()) {
      const at = {
        ...reportInput(world, i % 3 === 0 ? 'R2' : 'R4'),
        description: `第 ${i} 件：100%_路面破损`,
        position: pointIn(world.reference, cell),
      };
      const reporter = people[(i * 5) % cells.length]!.gridWorker;
      let last = done(await world.desk.report(at, reporter, randomUUID()));
      const move = async (actor: Actor, command: Parameters<typeof world.desk.move>[1]) => {
        last = done(await world.desk.move(last.incident.id, command, actor, randomUUID()));
      };
      if (i % 2 === 0) {
        await move(people[i]!.community, { verb: 'call' });
        await move(people[i]!.subdistrict, { verb: 'accept' });
        const [lead, assist] = [units[i % 4]!, units[(i + 1) % 4]!];
        await move(people[i]!.subdistrict, { verb: 'dispatch', lead: { unit: lead.code }, assisting: [{ unit: assist.code }] });
      } else if (i % 5 === 0) {
        await move(people[i]!.community, { verb: 'reject', reason: '不属实' });
      }
      incidents.push(last.incident);
    }
    everybody = actorsOf(
      people,
      units.map((u) => u.code),
    );
  });
  afterAll(() => world.close());

  function actorsOf(people: ReturnType<typeof peopleOf>[], units: string[]): Actor[] {
    const communities = people.slice(0, 5).map((p) => p.community.community!);
    const bare = (role: Actor['role']): Actor => ({ account: `bare.${role}`, role, district: DISTRICT });
    return [
      ...people.flatMap((p) => [p.gridWorker, p.community, p.subdistrict]),
      ...units.map((unit): Actor => ({ account: `unit.${unit}`, role: 'unit', district: DISTRICT, unit })),
      { account: 'leader.1', role: 'leader', district: DISTRICT, communities },
      { account: 'member.1', role: 'member', district: DISTRICT, communities: communities.slice(3) },
      // Without a place of their own; and people of another district, one of whom has the name of a reporter here.
      ...ROLES.map(bare),
      { ...people[0]!.gridWorker, district: 441803 },
      { account: 'district.441803', role: 'district', district: 441803 },
    ];
  }

  const list = async (actor: Actor, query: Record<string, string> = {}) =>
    listIncidents(world.db.kysely, actor, IncidentQuery.parse(query), world.clock.now());
  const district = () => world.people.district;
  const idsOf = (items: readonly Incident[]) => items.map((i) => i.id).sort();

  it('shows every role exactly what maySee says', async () => {
    expect(new Set(everybody.map((a) => a.role)).size).toBe(ROLES.length);
    const sizes = new Set<number>();
    for (const actor of everybody) {
      const { items } = await list(actor);
      expect({ actor, ids: idsOf(items) }).toEqual({ actor, ids: idsOf(incidents.filter((i) => maySee(actor, placed(i)))) });
      sizes.add(items.length);
    }
    // The set is mixed: somebody sees none, somebody all, others some.
    expect(sizes.has(0) && sizes.has(incidents.length) && sizes.size > 3).toBe(true);
  });

  it('gives an incident as the desk has it', async () => {
    const { items } = await list(district());
    expect(new Map(items.map((i) => [i.id, i]))).toEqual(new Map(incidents.map((i) => [i.id, i])));
  });

  it('filters by everything that a query may name', async () => {
    const now = world.clock.now().getTime();
    const sample = incidents[2]!;
    const unit = sample.assignments[0]!.unit;
    const cases: [Record<string, string>, (i: Incident) => boolean][] = [
      [{ id: `${sample.id},${incidents[5]!.id.toUpperCase()},${randomUUID()}` }, (i) => i === sample || i === incidents[5]],
      [{ state: 'dispatched,rejected' }, (i) => i.state === 'dispatched' || i.state === 'rejected'],
      [{ level: 'R2' }, (i) => i.level === 'R2'],
      [{ subdistrict: sample.subdistrict }, (i) => i.subdistrict === sample.subdistrict],
      [{ community: sample.community }, (i) => i.community === sample.community],
      [{ cell: sample.cell }, (i) => i.cell === sample.cell],
      [{ unit }, (i) => i.assignments.some((a) => a.unit === unit)],
      [{ category: sample.category }, (i) => i.category === sample.category],
      [{ category: sample.category.split('-')[0]! }, (i) => i.category.startsWith(sample.category.split('-')[0]!)],
      [{ open: 'true' }, (i) => i.state !== 'rejected'],
      [{ open: 'false' }, (i) => i.state === 'rejected'],
      [{ overdue: 'false' }, (i) => !i.clocks.step || Date.parse(i.clocks.step.dueAt) > now],
      [{ q: '第 3 件' }, (i) => i.description.startsWith('第 3 件')],
      [{ q: '100%_路' }, () => true],
      [{ q: '100_%路' }, () => false],
      [{ q: '%_' }, () => false],
      [{ q: sample.number }, (i) => i.number === sample.number],
      [{ q: sample.number.slice(0, 8) }, () => true],
    ];
    for (const [query, keeps] of cases) {
      const { items } = await list(district(), query);
      expect({ query, ids: idsOf(items) }).toEqual({ query, ids: idsOf(incidents.filter(keeps)) });
    }
  });

  it('says what is overdue by the database’s time', async () => {
    await world.timeMoves(16 * 60_000);
    const overdue = await list(district(), { overdue: 'true' });
    await world.timeMoves(0);
    const late = incidents.filter(
      (i) => i.clocks.step !== null && Date.parse(i.clocks.step.dueAt) <= world.clock.now().getTime() + 16 * 60_000,
    );
    expect(late.length).toBeGreaterThan(0);
    expect(idsOf(overdue.items)).toEqual(idsOf(late));
    expect((await list(district(), { overdue: 'true' })).items).toEqual([]);
  });

  it.each(['newest', 'due'])('pages without holes or doubles, by %s, also where times are equal', async (order) => {
    const owner = new pg.Client(world.database.config);
    await owner.connect();
    await owner.query(
      `update incident set reported_at = date_trunc('minute', reported_at), due_at = case when level = 2 then date_trunc('hour', due_at) end`,
    );
    await owner.end();
    for (const limit of ['1', '5', '12']) {
      const seen: Incident[] = [];
      let after: string | null = null;
      do {
        const page = await list(district(), { order, limit, ...(after === null ? {} : { after }) });
        seen.push(...page.items);
        after = page.next;
      } while (after !== null);
      expect(seen).toHaveLength(incidents.length);
      expect(idsOf(seen)).toEqual(idsOf(incidents));
    }
  });

  it('refuses a cursor that is none of ours', async () => {
    const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const id = incidents[0]!.id;
    for (const after of ['x', forged({}), forged(['now', id]), forged([null, id]), forged(['2026-01-01T00:00:00.000Z', "' or true"])]) {
      await expect(list(district(), { after })).rejects.toMatchObject({ code: 'invalid-query' });
    }
  });

  it('pages the log of one incident by version', async () => {
    const { id } = incidents[0]!;
    const first = await listMoves(world.db.kysely, DISTRICT, id, { after: 0, limit: 3 });
    const rest = await listMoves(world.db.kysely, DISTRICT, id, { after: Number(first.next), limit: 3 });
    expect([...first.items, ...rest.items].map((m) => m.verb)).toEqual(['report', 'call', 'accept', 'dispatch']);
    expect(rest.next).toBeNull();
  });
});
