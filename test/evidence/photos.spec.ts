import exifr from 'exifr';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PHOTO_MAX_BYTES } from '../../src/evidence/routes.ts';
import type { Actor } from '../../src/identity/actor.ts';
import { asBearer, type House, openHouse, PEOPLE, problemIn } from '../app/house.ts';

type Body = NonNullable<RequestInit['body']>;
let house: House;
let auth: Record<string, string>;
let exifJpeg: Buffer;
/** Asked by the routes: which incident, who. */
const asked: string[] = [];

const plain = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#806040' } });

beforeAll(async () => {
  house = await openHouse({
    maySee: async (incident: string, actor: Actor) => {
      asked.push(`${incident} ${actor.account}`);
      return actor.role === 'community';
    },
  });
  auth = asBearer(await house.token(PEOPLE.gridWorker));
  // Left half red, right half blue, lying on its side: orientation 6 means that it is shown turned by 90° clockwise.
  const halves = await plain(3000, 1000)
    .composite([
      {
        input: await sharp({ create: { width: 1500, height: 1000, channels: 3, background: '#ff0000' } })
          .png()
          .toBuffer(),
        left: 0,
        top: 0,
      },
      {
        input: await sharp({ create: { width: 1500, height: 1000, channels: 3, background: '#0000ff' } })
          .png()
          .toBuffer(),
        left: 1500,
        top: 0,
      },
    ])
    .png()
    .toBuffer();
  exifJpeg = await sharp(halves)
    .withExif({
      IFD0: { Make: 'DemoPhone', Artist: 'Zhang San 13800000000', Orientation: '6' },
      IFD2: { DateTimeOriginal: '2026:11:22 08:15:00', OffsetTimeOriginal: '+08:00' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '23/1 42/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '113/1 1/1 48/1' },
    })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
});
afterAll(() => house.close());

function form(file: Uint8Array | string | null, fields: Record<string, string> = {}, type = 'image/jpeg'): FormData {
  const data = new FormData();
  if (file !== null) data.set('file', new File([typeof file === 'string' ? file : new Uint8Array(file)], 'photo.jpg', { type }));
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
}
const upload = (body: Body, headers: Record<string, string> = auth) =>
  house.app.request('/api/v1/photos', { method: 'POST', body, headers });
const kept = async (file: Uint8Array, fields?: Record<string, string>, headers?: Record<string, string>) => {
  const answer = await upload(form(file, fields), headers);
  expect(answer.status).toBe(201);
  return (await answer.json()) as { id: string; width: number; height: number };
};
const read = (id: string, headers = auth, query = '') => house.app.request(`/api/v1/photos/${id}${query}`, { headers });
const row = (id: string) => house.test.db.kysely.selectFrom('photo').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

describe('a photo', () => {
  it('is turned upright, made no larger than 2048 px, and loses all metadata', async () => {
    expect(await exifr.parse(exifJpeg, { gps: true })).toMatchObject({ Make: 'DemoPhone', latitude: 23.7 });
    const photo = await kept(exifJpeg);
    expect(photo).toMatchObject({ width: 683, height: 2048 });
    const jpeg = await bytesOf(await read(photo.id));
    const meta = await sharp(jpeg).metadata();
    expect(meta).toMatchObject({ format: 'jpeg', width: 683, height: 2048, space: 'srgb' });
    expect([meta.exif, meta.icc, meta.iptc, meta.xmp, meta.orientation]).toEqual(Array(5).fill(undefined));
    expect(await exifr.parse(jpeg)).toBeUndefined();
    for (const word of ['Exif', 'DemoPhone', 'Zhang', '13800000000', 'GPS']) expect(jpeg.includes(word), word).toBe(false);
    // Turned, not only relabelled: what was on the left is now on top.
    const { data } = await sharp(jpeg).resize(1, 2, { fit: 'fill' }).raw().toBuffer({ resolveWithObject: true });
    expect(data[0]).toBeGreaterThan(200);
    expect(data[5]).toBeGreaterThan(200);
  });

  it('leaves where and when it was taken as place proof', async () => {
    const { id } = await kept(exifJpeg, { takenAt: '2026-11-22T08:14:59+08:00' });
    const photo = await row(id);
    expect(photo.proof_lng).toBeCloseTo(113.03, 6);
    expect(photo.proof_lat).toBeCloseTo(23.7, 6);
    expect(photo.proof_taken_at).toEqual(new Date('2026-11-22T00:15:00Z'));
    expect(photo.claimed_taken_at).toEqual(new Date('2026-11-22T00:14:59Z'));
  });

  it.each(['png', 'webp', 'avif'] as const)('may be %s', async (format) => {
    const photo = await kept(await plain(300, 200).toFormat(format).toBuffer());
    expect((await sharp(await bytesOf(await read(photo.id))).metadata()).format).toBe('jpeg');
    expect(photo).toMatchObject({ width: 300, height: 200 });
    expect(await row(photo.id)).toMatchObject({ proof_lng: null, proof_lat: null, proof_taken_at: null });
  });

  it('has a small form for lists', async () => {
    const { id } = await kept(exifJpeg);
    const meta = await sharp(await bytesOf(await read(id, auth, '?size=thumb'))).metadata();
    expect(meta).toMatchObject({ format: 'jpeg', height: 320 });
    expect(meta.exif).toBeUndefined();
    expect(await problemIn(await read(id, auth, '?size=huge'))).toMatchObject({ code: 'invalid-query' });
  });

  it('sent again under its key is the same photo, also twice at the same moment', async () => {
    const headers = { ...auth, 'Idempotency-Key': '0193f0a0-0000-7000-8000-000000000001' };
    const [first, second] = await Promise.all([kept(exifJpeg, {}, headers), kept(exifJpeg, {}, headers)]);
    expect(second).toEqual(first);
    expect(await kept(exifJpeg, {}, headers)).toEqual(first);
    const other = await plain(10, 10).jpeg().toBuffer();
    expect(await problemIn(await upload(form(other), headers))).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
    // Another account's key is another key.
    const neighbour = { ...headers, ...asBearer(await house.token(PEOPLE.otherGridWorker)) };
    expect((await kept(other, {}, neighbour)).id).not.toBe(first.id);
    expect(await problemIn(await upload(form(other), { ...auth, 'Idempotency-Key': 'once' }))).toMatchObject({ code: 'invalid-query' });
  });
});

describe('what is no photo', () => {
  const refused = async (body: Body, headers?: Record<string, string>) => {
    const problem = await problemIn(await upload(body, headers));
    return `${problem.status} ${problem.code}`;
  };
  const TOO_LARGE = '413 photo-too-large';
  const UNREADABLE = '415 photo-not-readable';
  const OTHER = '415 unsupported-media-type';

  it('is refused by its bytes, whatever it calls itself', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><image href="file:///etc/passwd"/></svg>';
    expect(await refused(form(svg))).toBe(OTHER);
    expect(await refused(form('%PDF-1.7'))).toBe(OTHER);
    expect(await refused(form(await plain(10, 10).gif().toBuffer()))).toBe(OTHER);
    expect(await refused(form(''))).toBe(OTHER);
  });

  it('is refused when it cannot be read whole', async () => {
    const jpeg = await plain(800, 600).jpeg().toBuffer();
    expect(await refused(form(jpeg.subarray(0, jpeg.length / 2)))).toBe(UNREADABLE);
    expect(await refused(form(Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(500, 7)])))).toBe(UNREADABLE);
  });

  it('is refused when it would unpack to too many pixels', async () => {
    const bomb = await plain(12_000, 12_000).png({ compressionLevel: 9 }).toBuffer();
    expect(bomb.length).toBeLessThan(1024 * 1024);
    expect(await refused(form(bomb))).toBe(UNREADABLE);
  });

  it('is refused past 15 MB', async () => {
    const file = new Uint8Array(PHOTO_MAX_BYTES + 1);
    file.set([0xff, 0xd8, 0xff]);
    expect(await refused(form(file))).toBe(TOO_LARGE);
  });

  it('names what is missing in the form', async () => {
    expect(await refused(form(null))).toBe('422 invalid-body');
    const twice = form(exifJpeg);
    twice.append('file', new File([new Uint8Array(exifJpeg)], 'b.jpg'));
    expect(await refused(twice)).toBe('422 invalid-body');
    const words = form(null, { file: 'words' });
    expect(await refused(words)).toBe('422 invalid-body');
    expect(await refused(form(exifJpeg, { takenAt: 'yesterday' }))).toBe('422 invalid-body');
  });

  it('needs to be a form', async () => {
    expect(await refused('{}', { ...auth, 'Content-Type': 'application/json' })).toBe(OTHER);
    expect(await refused('no boundary here', { ...auth, 'Content-Type': 'multipart/form-data; boundary=x' })).toBe('400 malformed-json');
  });

  it('is not taken from one who only reads', async () => {
    expect(await refused(form(exifJpeg), asBearer(await house.token(PEOPLE.auditor)))).toBe('403 not-allowed');
  });

  it('leaves nothing behind', async () => {
    const count = async () => (await house.test.db.pool.query('select count(*) as n from photo')).rows[0].n;
    const before = await count();
    await refused(form('%PDF-1.7'));
    await refused(form(exifJpeg, { takenAt: 'yesterday' }));
    expect(await count()).toBe(before);
  });
});

describe('who may see a photo', () => {
  const INCIDENT = '0193f0a0-0000-7000-8000-00000000000a';
  const bind = (id: string) =>
    house.test.db.kysely.updateTable('photo').set({ incident: INCIDENT, bound_at: new Date() }).where('id', '=', id).execute();

  it('before it belongs to an incident: who took it, nobody else', async () => {
    const { id } = await kept(exifJpeg);
    expect((await read(id)).status).toBe(200);
    for (const who of [PEOPLE.otherGridWorker, PEOPLE.community, PEOPLE.admin]) {
      expect(await problemIn(await read(id, asBearer(await house.token(who))))).toMatchObject({ status: 404, code: 'not-found' });
    }
  });

  it('after that also who may see the incident', async () => {
    const { id } = await kept(exifJpeg);
    await bind(id);
    expect((await read(id, asBearer(await house.token(PEOPLE.community)))).status).toBe(200);
    expect((await read(id, asBearer(await house.token(PEOPLE.unit)))).status).toBe(404);
    expect(asked).toContain(`${INCIDENT} ${PEOPLE.community.account}`);
    expect((await read(id)).status).toBe(200);
  });

  it('asks again each time: no shared store keeps it, and an ETag opens nothing', async () => {
    const { id } = await kept(exifJpeg);
    const answer = await read(id);
    expect(answer.headers.get('cache-control')).toBe('private, no-cache');
    const seen = { 'If-None-Match': answer.headers.get('etag')! };
    expect((await read(id, { ...auth, ...seen })).status).toBe(304);
    expect((await read(id, { ...asBearer(await house.token(PEOPLE.unit)), ...seen })).status).toBe(404);
  });

  it.each(['nothing', '__proto__', '0193f0a0-0000-7000-8000-0000000000ff'])('an id that is none (%s) is not there', async (id) => {
    expect([404, 422]).toContain((await read(id)).status);
  });
});
