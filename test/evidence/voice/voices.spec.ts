import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Incident } from '../../../src/dispatch/chain/incident.ts';
import { claimVoices } from '../../../src/evidence/claim.ts';
import { VOICE_MAX_BYTES } from '../../../src/evidence/voice/routes.ts';
import { asBearer, DISTRICT, type House, openHouse, PEOPLE, problemIn } from '../../app/house.ts';
import { mp4, ogg, webm } from './recordings.ts';

const INCIDENT = '0193f0a0-0000-7000-8000-00000000000a';
let house: House;
let auth: Record<string, string>;
let inIncident: Incident['voices'] = [];

beforeAll(async () => {
  house = await openHouse({ maySee: async (_incident, actor) => actor.role === 'community', voices: () => inIncident });
  auth = asBearer(await house.token(PEOPLE.gridWorker));
});
afterAll(() => house.close());

function form(file: Uint8Array | string | null, name = 'voice.webm'): FormData {
  const data = new FormData();
  if (file !== null) data.set('file', new File([typeof file === 'string' ? file : new Uint8Array(file)], name, { type: 'audio/webm' }));
  return data;
}
const upload = (body: FormData | string, headers: Record<string, string> = auth) =>
  house.app.request('/api/v1/voices', { method: 'POST', body, headers });
const kept = async (file: Uint8Array, headers?: Record<string, string>) => {
  const answer = await upload(form(file), headers);
  expect(answer.status).toBe(201);
  return (await answer.json()) as { id: string; durationMs: number };
};
const hear = (id: string, headers = auth) => house.app.request(`/api/v1/voices/${id}`, { headers });

describe('a voice note', () => {
  it.each([
    ['webm', webm(4_200), 'audio/webm'],
    ['ogg', ogg(4_200), 'audio/ogg'],
    ['mp4', mp4(4_200), 'audio/mp4'],
  ])('as %s is kept as it was recorded, whatever it calls itself', async (_what, file, type) => {
    const voice = await kept(file);
    expect(voice.durationMs).toBe(4_200);
    const answer = await hear(voice.id);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(file);
  });

  it('is kept without what its recorder wrote beside it, and known again by the file as it was sent', async () => {
    const headers = { ...auth, 'Idempotency-Key': '0193f0a0-0000-7000-8000-000000000002' };
    const file = mp4(4_000, { said: 'iPhone of Zhang San' });
    const { id } = await kept(file, headers);
    expect((await kept(file, headers)).id).toBe(id);
    const heard = Buffer.from(await (await hear(id)).arrayBuffer());
    expect(heard.toString('latin1')).not.toContain('Zhang');
    expect(heard).toHaveLength(file.length);
  });

  it('is played in parts', async () => {
    const file = webm(4_200);
    const { id } = await kept(file);
    const part = await hear(id, { ...auth, Range: 'bytes=2-5' });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes 2-5/${file.length}`);
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(file.slice(2, 6));
  });

  it('sent again under its key is the same one, also twice at the same moment', async () => {
    const headers = { ...auth, 'Idempotency-Key': '0193f0a0-0000-7000-8000-000000000001' };
    const [first, second] = await Promise.all([kept(ogg(900), headers), kept(ogg(900), headers)]);
    expect(second).toEqual(first);
    expect(await problemIn(await upload(form(ogg(901)), headers))).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
  });
});

describe('what is no voice note', () => {
  const refused = async (body: FormData | string, headers?: Record<string, string>) => {
    const problem = await problemIn(await upload(body, headers));
    return `${problem.status} ${problem.code}`;
  };

  it('is refused by its bytes', async () => {
    expect(await refused(form('RIFF....WAVE'))).toBe('415 unsupported-media-type');
    expect(await refused(form(''))).toBe('415 unsupported-media-type');
    expect(await refused(form(webm(1_000).subarray(0, 40)))).toBe('415 voice-not-readable');
    expect(await refused(form(webm(1_000, { trackTypes: [1] })))).toBe('415 voice-not-readable');
    expect(await refused(form(null))).toBe('422 invalid-body');
  });

  it('is refused when it is longer than a minute, or larger than a minute needs', async () => {
    await kept(webm(61_000));
    expect(await refused(form(webm(63_000)))).toBe('422 voice-too-long');
    const large = new Uint8Array(VOICE_MAX_BYTES + 1);
    large.set(webm(1_000));
    expect(await refused(form(large))).toBe('413 voice-too-large');
  });

  it('is not taken from one who only reads', async () => {
    expect(await refused(form(ogg(900)), asBearer(await house.token(PEOPLE.auditor)))).toBe('403 not-allowed');
  });
});

describe('who may hear it', () => {
  const heard = async (id: string, who: (typeof PEOPLE)[keyof typeof PEOPLE]) => (await hear(id, asBearer(await house.token(who)))).status;
  const list = async (who: (typeof PEOPLE)[keyof typeof PEOPLE]) =>
    house.app.request(`/api/v1/incidents/${INCIDENT}/voices`, { headers: asBearer(await house.token(who)) });

  it('before it belongs to an incident: who recorded it, nobody else', async () => {
    const { id } = await kept(webm(1_800));
    expect(await heard(id, PEOPLE.gridWorker)).toBe(200);
    for (const who of [PEOPLE.otherGridWorker, PEOPLE.community, PEOPLE.admin]) expect(await heard(id, who)).toBe(404);
  });

  it('after that also who may see the incident; an ETag opens nothing', async () => {
    const { id } = await kept(webm(1_800));
    expect(await claimVoices(house.test.db.kysely, [id], PEOPLE.gridWorker, INCIDENT)).toEqual([]);
    expect(await heard(id, PEOPLE.community)).toBe(200);
    expect(await heard(id, PEOPLE.unit)).toBe(404);
    const seen = { 'If-None-Match': (await hear(id)).headers.get('etag')! };
    expect((await hear(id, { ...auth, ...seen })).status).toBe(304);
    expect((await hear(id, { ...asBearer(await house.token(PEOPLE.unit)), ...seen })).status).toBe(404);
  });

  it('and its length stands beside its incident, for the same people', async () => {
    const { id } = await kept(mp4(2_500));
    const at = '2026-11-23T07:00:00.000Z';
    inIncident = [
      { id, by: PEOPLE.gridWorker.account, at },
      { id: randomUUID(), by: 'gone', at },
    ];
    expect(await (await list(PEOPLE.community)).json()).toEqual({ items: [{ id, at, durationMs: 2_500 }], next: null });
    expect(await problemIn(await list(PEOPLE.unit))).toMatchObject({ status: 404, code: 'not-found' });
  });
});

/** An incident whose log has taken these voice notes. Written past the journal, as the owner of the tables. */
async function written(id: string, voices: readonly string[]): Promise<void> {
  const owner = new pg.Client(house.test.config);
  await owner.connect();
  await owner.query(
    `insert into incident (district, id, number, version, state, level, category, cell, community, subdistrict, reported_by, description, units,
       doc, hash, found_at, reported_at, updated_at)
     values ($1, $2::uuid, $2::uuid::text, 1, 'reported', 4, 'C0101-01', '441802006001001', '441802006001', '441802006', 'x', 'x', '{}', $3, '', now(), now(), now())`,
    [DISTRICT, id, JSON.stringify({ voices: voices.map((voice) => ({ id: voice })) })],
  );
  await owner.end();
}

describe('a voice note is claimed', () => {
  const claim = claimVoices;
  it('by its own account, for one incident once its log holds it', async () => {
    const { kysely } = house.test.db;
    const { id } = await kept(ogg(1_500));
    expect(await claim(kysely, [id], PEOPLE.otherGridWorker, randomUUID())).toEqual([id]);
    // Of an incident that was never written it is free again.
    expect(await claim(kysely, [id], PEOPLE.gridWorker, randomUUID())).toEqual([]);
    expect(await claim(kysely, [id], PEOPLE.gridWorker, randomUUID())).toEqual([]);
  });
});

it('a voice note bound to an incident that was never written is deleted after a week; one that its log holds stays', async () => {
  const { kysely, pool } = house.test.db;
  const notes = [await kept(ogg(2_100)), await kept(ogg(2_200)), await kept(ogg(2_300)), await kept(ogg(2_400))];
  const [nowhere, refused, held, young] = notes.map(({ id }) => id) as [string, string, string, string];
  const incident = randomUUID();
  await written(incident, [held]);
  await claimVoices(kysely, [nowhere, young], PEOPLE.gridWorker, randomUUID());
  await claimVoices(kysely, [refused, held], PEOPLE.gridWorker, incident);
  await pool.query(`update voice set bound_at = app_now() - interval '8 days' where id = any($1)`, [[nowhere, refused, held]]);
  await kept(ogg(2_500));
  await kept(ogg(2_600));
  expect(await Promise.all([nowhere, refused, held, young].map(async (id) => (await hear(id)).status))).toEqual([404, 404, 200, 200]);
});

it('a voice note that no report took is deleted after a week, with the next upload; one of an incident stays', async () => {
  const { kysely } = house.test.db;
  const [forgotten, young, bound] = [await kept(ogg(1_100)), await kept(ogg(1_200)), await kept(ogg(1_300))];
  await claimVoices(kysely, [bound.id], PEOPLE.gridWorker, INCIDENT);
  const daysOld = (id: string, days: number) =>
    kysely
      .updateTable('voice')
      .set({ uploaded_at: sql<Date>`app_now() - make_interval(days => ${days})` })
      .where('id', '=', id)
      .execute();
  await daysOld(forgotten.id, 8);
  await daysOld(bound.id, 8);
  await daysOld(young.id, 6);
  await kept(ogg(1_400));
  expect(await Promise.all([forgotten, young, bound].map(async ({ id }) => (await hear(id)).status))).toEqual([404, 200, 200]);
});
