import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepPhoto } from '../../src/evidence/photos.ts';
import { proofRoutes } from '../../src/evidence/proof-routes.ts';
import { Problem } from '../../src/errors.ts';
import type { Actor } from '../../src/identity/actor.ts';
import { answerProblem, newRouter } from '../../src/router.ts';
import { done, openDeskWorld, peopleOf, reportInput, type DeskWorld } from '../dispatch/desk-world.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- bodies are looked at field by field
type Body = any;

const MINUTE_MS = 60_000;

describe('place proof over HTTP', () => {
  let world: DeskWorld;
  let proof: (who: Actor, id: string) => Promise<{ status: number; body: Body }>;

  beforeAll(async () => {
    world = await openDeskWorld();
    let caller: Actor;
    const app = newRouter();
    app.use(async (c, next) => {
      c.set('actor', caller);
      await next();
    });
    const { db, desk, reference } = world;
    // Accounts are named after their place, as those of the demo are.
    const findActor = world.deps.findActor;
    app.route(
      '/',
      proofRoutes({ db: db.kysely, reference: () => reference, findIncident: (id, actor) => desk.find(id, actor), findActor }),
    );
    app.onError((error, c) => {
      if (error instanceof Problem) return answerProblem(c, error);
      throw error;
    });
    proof = async (who, id) => {
      caller = who;
      const answer = await app.request(`/incidents/${id}/place-proof`);
      return { status: answer.status, body: await answer.json() };
    };
  });
  afterAll(() => world.close());

  /** @param by.eastM  of the incident; undefined: the file says no place. @param by.agoMs  before now. */
  async function photo(who: Actor, by: { eastM?: number; agoMs?: number; shifted?: { lng: number; lat: number } } = {}): Promise<string> {
    const jpeg = Buffer.from([0xff, 0xd8, 0xff]);
    const { lng, lat } = world.position;
    const position = by.shifted ?? (by.eastM === undefined ? null : { lng: lng + by.eastM / 101_800, lat });
    const now = world.clock.now().getTime();
    const kept = await keepPhoto(world.db.kysely, who, {
      id: randomUUID(),
      key: undefined,
      digest: Buffer.alloc(32),
      picture: { width: 1, height: 1, image: jpeg, thumb: jpeg },
      proof: { position, takenAt: by.agoMs === undefined ? null : new Date(now - by.agoMs) },
      claimedTakenAt: undefined,
    });
    return kept.id;
  }
  async function reported(photos: string[], who: Actor = world.people.gridWorker): Promise<string> {
    const input = { ...reportInput(world, 'R2'), position: { ...world.position, accuracyM: 10 }, photos };
    return done(await world.desk.report(input, who, randomUUID())).incident.id;
  }
  const codes = (body: Body) => body.report.reasons.map((r: Body) => r.code);

  it('scores a report whose photo was taken there and then', async () => {
    const { people } = world;
    const id = await reported([await photo(people.gridWorker, { eastM: 14, agoMs: MINUTE_MS })]);
    const { status, body } = await proof(people.community, id);
    expect(status).toBe(200);
    expect(body.report).toMatchObject({ band: 'strong' });
    expect(codes(body)).toEqual(expect.arrayContaining(['accurate', 'photo-here', 'photo-fresh']));
    expect(body.photos).toMatchObject([{ kind: 'found', distanceM: 4, band: 'strong' }]);
    expect(body.photos[0].ageMs).toBeGreaterThanOrEqual(MINUTE_MS);
  });

  it('knows of a place set by hand how far the phone was, and keeps no more of that', async () => {
    const { people, position } = world;
    const by = async (metres: number) => {
      const measured = { lng: position.lng, lat: position.lat + metres / 111_195, accuracyM: 9 };
      const input = { ...reportInput(world, 'R2'), position: { lng: position.lng, lat: position.lat }, measured };
      const { incident, moves } = done(await world.desk.report(input, people.gridWorker, randomUUID()));
      expect(JSON.stringify([incident, moves])).not.toContain(String(measured.lat));
      expect(incident.measured).toEqual({ distanceM: metres, accuracyM: 9 });
      return codes((await proof(people.community, incident.id)).body);
    };
    expect(await by(40)).toContain('by-hand-here');
    expect(await by(1_500)).toContain('by-hand-far');
  });

  it('tells distances and ages, never where or when a photo was taken', async () => {
    const { people } = world;
    const id = await reported([await photo(people.gridWorker, { eastM: 700, agoMs: 3 * MINUTE_MS })]);
    const { body } = await proof(people.district, id);
    expect(body.photos[0].distanceM).toBe(690);
    expect(Object.keys(body.photos[0]).sort()).toEqual(['ageMs', 'at', 'band', 'distanceM', 'kind', 'photo', 'reasons', 'score']);
    expect(JSON.stringify(body)).not.toMatch(/lng|lat"|proof_|taken_at/i);
  });

  it('takes a photo in the shifted coordinates of Chinese maps for what it is', async () => {
    const { people } = world;
    const { lng, lat } = world.position;
    // Here the shift is some 550 m to the east and 290 m to the south.
    const shifted = { lng: lng + 0.0054, lat: lat - 0.0026 };
    const id = await reported([await photo(people.gridWorker, { shifted, agoMs: MINUTE_MS })]);
    const { body } = await proof(people.community, id);
    expect(body.photos[0].distanceM).toBeLessThan(100);
    expect(codes(body)).toContain('photo-here');
  });

  it('sees that a report was sent from outside the own cell', async () => {
    const { reference, people } = world;
    const stranger = peopleOf([...reference.cells.values()].at(-1)!).gridWorker;
    const id = await reported([], stranger);
    const { body } = await proof(people.community, id);
    expect(codes(body)).toEqual(expect.arrayContaining(['other-cell', 'no-photo']));
    expect(body.report.reasons.find((r: Body) => r.code === 'no-photo').raise.zh).toBeTruthy();
  });

  it('looks at the photos of units too, each by itself, and not for the report', async () => {
    const { people, desk } = world;
    const id = await reported([]);
    const move = async (who: Actor, command: Body) => done(await desk.move(id, command, who, randomUUID())).incident;
    await move(people.community, { verb: 'call' });
    await move(people.subdistrict, { verb: 'accept' });
    const sent = await move(people.subdistrict, { verb: 'dispatch', runCard: true });
    const lead = sent.assignments.find((a) => a.role === 'lead')!;
    const unit = people.unit(lead.unit);
    await move(unit, { verb: 'acknowledge', assignment: lead.id });
    const after = await photo(unit, { eastM: 2_000, agoMs: 5 * 24 * 60 * MINUTE_MS });
    await move(unit, { verb: 'finish', assignment: lead.id, photos: [after] });
    const { body } = await proof(people.subdistrict, id);
    expect(body.photos).toMatchObject([{ photo: after, kind: 'after', band: 'weak' }]);
    expect(codes(body)).toContain('no-photo');
    // The reporter is told of the own report, not of what others proved; who handled it is told nothing.
    expect((await proof(people.gridWorker, id)).body.photos).toEqual([]);
    expect(await proof(unit, id)).toMatchObject({ status: 403, body: { code: 'not-allowed' } });
  });

  it('counts what the reporter adds later', async () => {
    const { people, desk } = world;
    const id = await reported([]);
    const before = (await proof(people.gridWorker, id)).body.report.score;
    const more = await photo(people.gridWorker, { eastM: 5, agoMs: 0 });
    done(await desk.move(id, { verb: 'attach', photos: [more] }, people.gridWorker, randomUUID()));
    expect((await proof(people.gridWorker, id)).body.report.score).toBeGreaterThan(before + 30);
  });

  it('is not there for whoever may not see the incident', async () => {
    const { people, reference } = world;
    const id = await reported([]);
    const elsewhere = peopleOf([...reference.cells.values()].at(-1)!);
    expect((await proof(elsewhere.community, id)).status).toBe(404);
    expect((await proof({ ...people.gridWorker, account: 'grid.colleague' }, id)).status).toBe(403);
    expect((await proof(people.community, 'nonsense')).status).toBe(404);
  });
});
