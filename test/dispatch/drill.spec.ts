/** 演练: runs as in earnest and never counts. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dossierAround, listDossiers } from '../../src/dispatch/dossiers.ts';
import { listIncidents } from '../../src/dispatch/incidents.ts';
import { recurrenceOf, similarTo } from '../../src/dispatch/nearby.ts';
import { propose } from '../../src/dispatch/proposals.ts';
import { IncidentQuery } from '../../src/dispatch/schemas.ts';
import type { Incident } from '../../src/dispatch/chain/incident.ts';
import type { Actor } from '../../src/identity/actor.ts';
import { databaseLog } from '../../src/ws/log.ts';
import { DISTRICT, done, openDeskWorld, peopleOf, pointIn, reportInput, type DeskWorld } from './desk-world.ts';

describe('演练 (a drill)', () => {
  let world: DeskWorld;
  beforeAll(async () => {
    world = await openDeskWorld();
  });
  afterAll(() => world.close());

  const report = async (who: Actor, level: 'R1' | 'R4' = 'R4', drill = true): Promise<Incident> =>
    done(await world.desk.report({ ...reportInput(world, level), ...(drill ? { drill: true as const } : {}) }, who, randomUUID())).incident;
  const move = (incident: Incident, who: Actor, command: Parameters<DeskWorld['desk']['move']>[1]) =>
    world.desk.move(incident.id, command, who, randomUUID());
  const list = async (who: Actor, query: Record<string, string>) =>
    (await listIncidents(world.db.kysely, who, IncidentQuery.parse(query), world.clock.now())).items.map((i) => i.id);

  describe('is reported by whoever answers for the units that it sends', () => {
    it('the district anywhere, a subdistrict in its own place', async () => {
      const { district, subdistrict } = world.people;
      expect(await report(district)).toMatchObject({ drill: true, state: 'reported' });
      expect(await report(subdistrict)).toMatchObject({ drill: true });
    });

    it('nobody below, and no subdistrict in the place of another', async () => {
      const { gridWorker, community } = world.people;
      const elsewhere = [...world.reference.cells.values()].find((c) => c.subdistrict !== world.cell.subdistrict)!;
      for (const who of [gridWorker, community, peopleOf(elsewhere).subdistrict]) {
        const answer = await world.desk.report({ ...reportInput(world), drill: true }, who, randomUUID());
        expect(answer, who.role).toMatchObject({ ok: false, refusal: { code: 'not-yours', needs: ['district', 'subdistrict'] } });
      }
    });
  });

  it('keeps being one through every move, on every node, and its log is proved like any other', async () => {
    const { district, community, subdistrict } = world.people;
    const drill = await report(district);
    done(await move(drill, community, { verb: 'call' }));
    done(await move(drill, subdistrict, { verb: 'accept' }));
    done(await move(drill, subdistrict, { verb: 'dispatch', runCard: true }));
    expect(await world.desk.find(drill.id, district)).toMatchObject({ drill: true, state: 'dispatched' });
    expect(world.told.filter((m) => m.incident === drill.id).map((m) => m.drill)).toEqual([true, true, true, true]);
    const log = databaseLog(world.db.pool, DISTRICT);
    expect((await log.after(0, 1_000)).filter((m) => m.incident === drill.id).every((m) => m.drill === true)).toBe(true);
    // What rings when a device comes back says so too.
    const { open } = await log.snapshot();
    expect(open.filter((a) => a.incident === drill.id).map((a) => a.drill)).toContain(true);
    await world.proveLog();
  });

  it('an R1 runs by itself as in earnest', async () => {
    const drill = await report(world.people.district, 'R1');
    for (let i = 0; i < 3; i++) await world.desk.due(drill.id);
    expect(await world.desk.find(drill.id, world.people.district)).toMatchObject({ drill: true, state: 'dispatched' });
  });

  it('is listed beside what is in earnest, alone, or not at all, as asked', async () => {
    const { district } = world.people;
    const [drill, real] = [await report(district), await report(district, 'R4', false)];
    expect(await list(district, {})).toEqual(expect.arrayContaining([drill.id, real.id]));
    expect(await list(district, { drill: 'true' })).toContain(drill.id);
    expect(await list(district, { drill: 'true' })).not.toContain(real.id);
    expect(await list(district, { drill: 'false' })).toContain(real.id);
    expect(await list(district, { drill: 'false' })).not.toContain(drill.id);
  });

  describe('never mixes with what is in earnest', () => {
    it('neither is offered as the same as the other, nor merged into it', async () => {
      const { district, community } = world.people;
      const [drill, twin, real] = [await report(district), await report(district), await report(district, 'R4', false)];
      const category = world.reference.category(drill.category)!;
      const asked = { category, position: drill.position, atMs: Date.parse(drill.reportedAt), description: drill.description };
      const found = async (as: boolean) =>
        (await similarTo(world.db.kysely, world.reference, { withinM: 60, withinDays: 30 }, district, { ...asked, drill: as }, 300)).map(
          (c) => c.incident.id,
        );
      expect(await found(true)).toEqual(expect.arrayContaining([drill.id, twin.id]));
      expect(await found(true)).not.toContain(real.id);
      expect(await found(false)).toContain(real.id);
      expect(await found(false)).not.toContain(drill.id);
      for (const [one, into] of [
        [drill, real],
        [real, drill],
      ] as const) {
        expect(await move(one, community, { verb: 'merge', into: into.id })).toMatchObject({
          ok: false,
          refusal: { code: 'drill-and-real' },
        });
      }
      expect(await move(drill, community, { verb: 'merge', into: twin.id })).toMatchObject({ ok: true });
    });

    it('is no recurrence and in no dossier', async () => {
      const cell = [...world.reference.cells.values()].find((c) => c.community !== world.cell.community)!;
      const people = peopleOf(cell);
      const input = { ...reportInput(world), position: pointIn(world.reference, cell) };
      const rules = { withinM: 50, withinDays: 30 };
      const say = async (drill: boolean) =>
        done(await world.desk.report({ ...input, ...(drill ? { drill: true as const } : {}) }, people.district, randomUUID())).incident;
      const [first, , drill, last] = [await say(false), await say(true), await say(true), await say(false)];
      expect(await recurrenceOf(world.db.kysely, last, rules)).toMatchObject({ count: 1 });
      expect(await recurrenceOf(world.db.kysely, drill, rules)).toBeNull();
      expect((await dossierAround(world.db, last, rules)).members.map((i) => i.id).sort()).toEqual([first.id, last.id].sort());
      expect((await dossierAround(world.db, drill, rules)).members.map((i) => i.id)).toEqual([drill.id]);
      const query = { community: cell.community, days: 30, least: 2, limit: 10 };
      const { items } = await listDossiers(world.db, people.district, query, rules, world.clock.now());
      expect(items.flatMap((d) => d.members.map((i) => i.id)).sort()).toEqual([first.id, last.id].sort());
    });

    it('nothing is learnt from its rulings', async () => {
      const { district, community, subdistrict, unit } = world.people;
      const rulings = async (drill: boolean) => {
        for (let n = 0; n < 3; n++) {
          const incident = await report(district, 'R4', drill);
          done(await move(incident, community, { verb: 'call' }));
          done(await move(incident, subdistrict, { verb: 'accept' }));
          const declining = [...world.reference.units.values()].filter((u) => u.mayLead).slice(0, 3);
          for (const { code } of declining) {
            const sent = done(await move(incident, subdistrict, { verb: 'dispatch', lead: { unit: code } })).incident;
            const assignment = sent.assignments.at(-1)!.id;
            done(await move(incident, unit(code), { verb: 'decline', assignment, reason: '不归我管' }));
          }
          done(await move(incident, subdistrict, { verb: 'arbitrate', unit: declining[0]!.code, ruling: '归你' }));
        }
      };
      await rulings(true);
      expect(await propose(world.db.kysely, DISTRICT)).toBe(0);
      await rulings(false);
      expect(await propose(world.db.kysely, DISTRICT)).toBe(1);
    });
  });

  describe('ends in one move, from wherever it stands', () => {
    it('releases every unit, so that nothing rings on', async () => {
      const { district, subdistrict } = world.people;
      const drill = await report(district, 'R1');
      for (let i = 0; i < 3; i++) await world.desk.due(drill.id);
      const { incident } = done(await move(drill, subdistrict, { verb: 'endDrill', note: '演练结束' }));
      expect(incident).toMatchObject({ state: 'cancelled', drill: true });
      expect(new Set(incident.assignments.map((a) => a.state))).toEqual(new Set(['released']));
      await world.proveLog();
    });

    it('and nothing in earnest ends so', async () => {
      const real = await report(world.people.district, 'R4', false);
      expect(await move(real, world.people.district, { verb: 'endDrill' })).toMatchObject({ ok: false, refusal: { code: 'not-a-drill' } });
    });
  });
});
