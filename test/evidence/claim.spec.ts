import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimPhotos } from '../../src/evidence/claim.ts';
import { holdPhotos } from '../../src/evidence/holders.ts';
import { prunePhotos } from '../../src/evidence/prune.ts';
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

describe('a photo that nothing took', () => {
  const MOST_AT_ONCE = 20;
  const aged = (ids: string[], days: number) =>
    owner.query(
      'update photo set uploaded_at = now() - make_interval(days => $2), bound_at = bound_at - make_interval(days => $2) where id = any($1)',
      [ids, days],
    );
  const left = async (ids: string[]) => {
    const rows = await test.db.kysely.selectFrom('photo').select('id').where('id', 'in', ids).execute();
    return ids.map((id) => rows.some((row) => row.id === id));
  };

  it('is deleted after a week: never named, bound to what was never written, or refused by its log', async () => {
    const [loose, nowhere, refused, young] = [await photo(), await photo(), await photo(), await photo()];
    await claim([nowhere], gridWorker, randomUUID());
    await claim([refused], gridWorker, await incidentWith([]));
    await aged([loose, nowhere, refused], 8);
    await aged([young], 6);
    await prunePhotos(test.db.kysely, DISTRICT);
    expect(await left([loose, nowhere, refused, young])).toEqual([false, false, false, true]);
  });

  it('is not one that an incident holds, or an activity, however old; and each of those is looked at once', async () => {
    const [held, shown] = [await photo(), await photo()];
    await claim([held], gridWorker, await incidentWith([held]));
    await holdPhotos(test.db.kysely, DISTRICT, { kind: 'activity', code: 'a', place: '441802006' }, [shown], gridWorker.account);
    await aged([held, shown], 400);
    await prunePhotos(test.db.kysely, DISTRICT);
    expect(await left([held, shown])).toEqual([true, true]);
    const { rows } = await test.db.pool.query<{ taken: boolean }>('select taken from photo where id = any($1)', [[held, shown]]);
    expect(rows).toEqual([{ taken: true }, { taken: true }]);
  });

  it('goes with others in small parts, so that no upload waits for a year of them', async () => {
    const many = await Promise.all(Array.from({ length: MOST_AT_ONCE + 5 }, () => photo()));
    await aged(many, 30);
    await prunePhotos(test.db.kysely, DISTRICT);
    expect((await left(many)).filter(Boolean)).toHaveLength(5);
    await prunePhotos(test.db.kysely, DISTRICT);
    expect((await left(many)).filter(Boolean)).toHaveLength(0);
  });
});
