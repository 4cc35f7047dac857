import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Desk } from '../../src/dispatch/desk.ts';
import { carry, done, openDeskWorld, reportInput, type DeskWorld } from './desk-world.ts';

describe('the desk', () => {
  let world: DeskWorld;
  beforeAll(async () => {
    world = await openDeskWorld({ nodes: 2 });
  });
  afterAll(async () => {
    await world.proveLog();
    await world.close();
  });

  const rows = async (sqlText: string, values: unknown[] = []) => (await world.db.pool.query(sqlText, values)).rows;

  it('takes a report and carries it to dispatched', async () => {
    const { people } = world;
    const unit = [...world.reference.units.values()].find((u) => u.mayLead)!;
    const last = await carry(world, reportInput(world), [
      [people.community, { verb: 'call' }],
      [people.subdistrict, { verb: 'accept' }],
      [people.subdistrict, { verb: 'dispatch', lead: { unit: unit.code } }],
    ]);
    expect(last.incident).toMatchObject({ state: 'dispatched', version: 4, assignments: [{ unit: unit.code, state: 'assigned' }] });
    expect(await rows('select version, state, units, lead_unit from incident where id = $1', [last.incident.id])).toEqual([
      { version: 4, state: 'dispatched', units: [unit.code], lead_unit: unit.code },
    ]);
    expect(await rows('select verb, from_state, to_state from move where incident = $1 order by version', [last.incident.id])).toEqual([
      { verb: 'report', from_state: 'none', to_state: 'reported' },
      { verb: 'call', from_state: 'reported', to_state: 'called' },
      { verb: 'accept', from_state: 'called', to_state: 'coordinating' },
      { verb: 'dispatch', from_state: 'coordinating', to_state: 'dispatched' },
    ]);
    expect(last.incident.number).toMatch(/^\d{8}-\d{4}$/);
  });

  it('lets one of two racers on one version win; the other is told of the conflict', async () => {
    const { incident } = await carry(world, reportInput(world), []);
    const race = world.nodes.map((node) =>
      node.desk.move(incident.id, { verb: 'comment', text: '我先' }, world.people.community, randomUUID(), 1),
    );
    const answers = await Promise.all(race);
    expect(answers.map((a) => (a.ok ? 'ok' : a.refusal.code)).sort()).toEqual(['ok', 'version-conflict']);
    expect(answers.find((a) => !a.ok)).toMatchObject({ refusal: { expected: 1, actual: 2 } });
  });

  it('decides anew after a lost race when no version was expected', async () => {
    const { incident } = await carry(world, reportInput(world), []);
    const comments = Array.from({ length: 20 }, (_, i) =>
      world.nodes[i % 2]!.desk.move(incident.id, { verb: 'comment', text: `第 ${i} 条` }, world.people.community, randomUUID()),
    );
    const versions = (await Promise.all(comments)).map((a) => done(a).incident.version);
    expect(versions.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 2));
  });

  it('does not refuse by an old sight of the incident', async () => {
    const [one, two] = world.nodes;
    const { incident } = done(await one!.desk.report(reportInput(world), world.people.gridWorker, randomUUID()));
    done(await two!.desk.move(incident.id, { verb: 'call' }, world.people.community, randomUUID()));
    expect(await one!.desk.move(incident.id, { verb: 'accept' }, world.people.subdistrict, randomUUID())).toMatchObject({ ok: true });
  });

  describe('the same key', () => {
    it('twice: the same answer and one row', async () => {
      const key = randomUUID();
      const first = done(await world.desk.report(reportInput(world), world.people.gridWorker, key));
      const again = done(await world.desk.report(reportInput(world), world.people.gridWorker, key));
      expect(again).toEqual({ ...first, repeat: true });
      expect(await rows('select count(*) from move where key = $1', [key])).toEqual([{ count: 1 }]);
    });

    it('at the same time: one row, on one node and on two', async () => {
      for (const nodes of [
        [0, 0],
        [0, 1],
      ]) {
        const key = randomUUID();
        const both = await Promise.all(nodes.map((n) => world.nodes[n]!.desk.report(reportInput(world), world.people.gridWorker, key)));
        expect(new Set(both.map((a) => done(a).incident.id)).size).toBe(1);
        expect(both.map((a) => done(a).repeat).sort()).toEqual([false, true]);
        expect(await rows('select count(*) from move where key = $1', [key])).toEqual([{ count: 1 }]);
      }
    });

    it('on another node, after the incident moved on: the answer of then', async () => {
      const [one, two] = world.nodes;
      const { incident } = done(await one!.desk.report(reportInput(world), world.people.gridWorker, randomUUID()));
      const key = randomUUID();
      const first = done(await one!.desk.move(incident.id, { verb: 'call' }, world.people.community, key));
      done(await one!.desk.move(incident.id, { verb: 'accept' }, world.people.subdistrict, randomUUID()));
      const again = done(await two!.desk.move(incident.id, { verb: 'call' }, world.people.community, key));
      expect(again).toEqual({ ...first, repeat: true });
    });

    it('on a verb that the state would allow again: still one row', async () => {
      const { incident } = await carry(world, reportInput(world), []);
      const key = randomUUID();
      const comment = { verb: 'comment', text: '补充一句' } as const;
      const first = done(await world.nodes[0]!.desk.move(incident.id, comment, world.people.community, key));
      const again = done(await world.nodes[1]!.desk.move(incident.id, comment, world.people.community, key));
      expect(again).toEqual({ ...first, repeat: true });
      expect(await rows('select count(*) from move where incident = $1', [incident.id])).toEqual([{ count: 2 }]);
    });

    it('with another body: refused, on the node that knows and on the other', async () => {
      const key = randomUUID();
      done(await world.desk.report(reportInput(world), world.people.gridWorker, key));
      const other = { ...reportInput(world), description: '另一件事' };
      for (const node of world.nodes) {
        expect(await node.desk.report(other, world.people.gridWorker, key)).toEqual({
          ok: false,
          refusal: { code: 'idempotency-key-reused' },
        });
      }
    });

    it('of another account: its own', async () => {
      const key = randomUUID();
      const mine = done(await world.desk.report(reportInput(world), world.people.gridWorker, key));
      const yours = done(await world.desk.report(reportInput(world), world.people.community, key));
      expect(yours.incident.id).not.toBe(mine.incident.id);
    });
  });

  describe('a report', () => {
    it('is refused where it makes no sense', async () => {
      const { desk, people } = world;
      const input = reportInput(world);
      const refusalOf = async (changed: object, actor = people.gridWorker) => {
        const answer = await desk.report({ ...input, ...changed }, actor, randomUUID());
        return answer.ok ? 'taken' : answer.refusal.code;
      };
      expect(await refusalOf({ category: '__proto__' })).toBe('unknown-category');
      expect(await refusalOf({ position: { lng: 0, lat: 0 } })).toBe('outside-district');
      expect(await refusalOf({ foundAt: new Date(world.clock.now().getTime() + 11 * 60_000).toISOString() })).toBe('found-in-future');
      expect(await refusalOf({ foundAt: new Date(world.clock.now().getTime() + 9 * 60_000).toISOString() })).toBe('taken');
      expect(await refusalOf({ photos: ['00000000-0000-7000-8000-000000000000'] })).toBe('unknown-photo');
      expect(await refusalOf({}, people.auditor)).toBe('not-yours');
      expect(await refusalOf({}, people.unit('fengcheng-police'))).toBe('not-yours');
    });

    it('takes the graver of the own level and the category’s', async () => {
      const input = reportInput(world, 'R3');
      const graver = await carry(world, { ...input, level: 'R2' }, []);
      const lighter = await carry(world, { ...input, level: 'R4' }, []);
      expect([graver.incident.level, lighter.incident.level]).toEqual(['R2', 'R3']);
    });

    it('sent again after a crash claims its photos for the same incident', async () => {
      const key = '0190aaaa-0000-7000-8000-00000000abcd';
      const claimed: string[] = [];
      const claimPhotos = async (ids: readonly string[], _actor: unknown, incident: string) => {
        claimed.push(incident);
        return ids;
      };
      const input = { ...reportInput(world), photos: [randomUUID()] };
      for (const node of world.nodes) await new Desk({ ...node.deps, claimPhotos }).report(input, world.people.gridWorker, key);
      expect(claimed).toHaveLength(2);
      expect(new Set(claimed).size).toBe(1);
    });
  });

  it('answers not-found out of scope, as for what does not exist', async () => {
    const { incident } = await carry(world, reportInput(world), []);
    const stranger = world.people.unit('nobody');
    const comment = { verb: 'comment', text: '?' } as const;
    expect(await world.desk.move(incident.id, comment, stranger, randomUUID())).toEqual({ ok: false, refusal: { code: 'not-found' } });
    expect(await world.desk.move(randomUUID(), comment, stranger, randomUUID())).toEqual({ ok: false, refusal: { code: 'not-found' } });
    expect(await world.desk.find(incident.id, stranger)).toBeNull();
  });

  it('dispatches by the run card, lead and assistants', async () => {
    const { people } = world;
    const last = await carry(world, reportInput(world, 'R2'), [
      [people.community, { verb: 'call' }],
      [people.subdistrict, { verb: 'accept' }],
      [people.subdistrict, { verb: 'dispatch', runCard: true }],
    ]);
    expect(last.incident.assignments.filter((a) => a.role === 'lead')).toHaveLength(1);
    expect(last.moves[0]!.payload.runCard).toBe(true);
  });

  it('merges into an incident that the actor sees, and into no other', async () => {
    const one = await carry(world, reportInput(world), []);
    const two = await carry(world, reportInput(world), []);
    const merge = (into: string) => world.desk.move(one.incident.id, { verb: 'merge', into }, world.people.community, randomUUID());
    expect(await merge(randomUUID())).toMatchObject({ refusal: { code: 'merge-target-missing' } });
    expect(done(await merge(two.incident.id)).incident).toMatchObject({ state: 'merged', mergedInto: two.incident.id });
  });
});
