import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimPhotos } from '../../src/evidence/claim.ts';
import { keepPhoto } from '../../src/evidence/photos.ts';
import type { Actor } from '../../src/identity/actor.ts';
import { DISTRICT, PEOPLE } from '../app/house.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let test: TestDatabase;
let owner: pg.Client;
beforeAll(async () => {
  test = await openTestDatabase();
  owner = new pg.Client(test.config);
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await test.drop();
});

const { gridWorker, otherGridWorker } = PEOPLE;
const claim = (ids: string[], actor: Actor, incident: string) => claimPhotos(test.db.kysely, ids, actor, incident);

async function photo(actor: Actor = gridWorker): Promise<string> {
  const jpeg = Buffer.from([0xff, 0xd8, 0xff]);
  const picture = { width: 1, height: 1, image: jpeg, thumb: jpeg };
  const proof = { position: null, takenAt: null };
  const kept = await keepPhoto(test.db.kysely, actor, {
    id: randomUUID(),
    key: undefined,
    digest: Buffer.alloc(32),
    picture,
    proof,
    claimedTakenAt: undefined,
  });
  return kept.id;
}

/** An incident whose log has taken these photos. */
async function incidentWith(photos: string[]): Promise<string> {
  const id = randomUUID();
  const doc = { photos: photos.map((photo) => ({ id: photo, kind: 'found' })) };
  await owner.query(
    `insert into incident (district, id, number, version, state, level, category, cell, community, subdistrict, reported_by, description, units,
       doc, hash, found_at, reported_at, updated_at)
     values ($1, $2::uuid, $2::uuid::text, 1, 'reported', 4, 'C0101-01', '441802006001001', '441802006001', '441802006', 'x', 'x', '{}', $3, '', now(), now(), now())`,
    [DISTRICT, id, JSON.stringify(doc)],
  );
  return id;
}
const incidentOf = async (id: string) =>
  (await test.db.kysely.selectFrom('photo').select('incident').where('id', '=', id).executeTakeFirstOrThrow()).incident;

describe('a photo is claimed', () => {
  it('by its own account for an incident, as often as that is tried', async () => {
    const [a, b] = [await photo(), await photo()];
    const incident = await incidentWith([]);
    expect(await claim([a, b], gridWorker, incident)).toEqual([]);
    expect(await claim([a, b], gridWorker, incident)).toEqual([]);
    expect(await incidentOf(a)).toBe(incident);
  });

  it('by nobody else, and names those that it is not', async () => {
    const mine = await photo();
    const theirs = await photo(otherGridWorker);
    const nowhere = randomUUID();
    expect(await claim([theirs, mine, nowhere], gridWorker, await incidentWith([]))).toEqual([theirs, nowhere]);
    expect(await incidentOf(theirs)).toBeNull();
  });

  it('by one incident only, once its log holds the photo', async () => {
    const id = await photo();
    const first = await incidentWith([id]);
    expect(await claim([id], gridWorker, first)).toEqual([]);
    expect(await claim([id], gridWorker, await incidentWith([]))).toEqual([id]);
    expect(await incidentOf(id)).toBe(first);
  });

  it('by one incident only, however its log spells the id', async () => {
    const id = await photo();
    const first = await incidentWith([id.toUpperCase()]);
    expect(await claim([id.toUpperCase()], gridWorker, first)).toEqual([]);
    expect(await claim([id], gridWorker, await incidentWith([]))).toEqual([id]);
  });

  it('again after a report that was never written, or a move that was refused', async () => {
    const id = await photo();
    await claim([id], gridWorker, randomUUID());
    const refused = await incidentWith([]);
    expect(await claim([id], gridWorker, refused)).toEqual([]);
    const next = await incidentWith([]);
    expect(await claim([id], gridWorker, next)).toEqual([]);
    expect(await incidentOf(id)).toBe(next);
  });

  it('by many at the same moment without any waiting in a ring', async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, () => photo()));
    const incident = await incidentWith([]);
    const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => claim(i % 2 ? ids : ids.toReversed(), gridWorker, incident)));
    expect(answers).toEqual(Array(12).fill([]));
  });

  it('or nothing is, when none is named', async () => {
    expect(await claim([], gridWorker, randomUUID())).toEqual([]);
  });
});
