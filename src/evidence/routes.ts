/** Photos over HTTP: up by whoever reports or works, down by whoever may see the incident. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Kysely } from 'kysely';
import { createHash } from 'node:crypto';
import { v7 } from 'uuid';
import type { Schema } from '../db/schema.ts';
import { hasAbility } from '../identity/abilities.ts';
import type { Actor } from '../identity/actor.ts';
import { problems } from '../problems.ts';
import { type AppEnv, newRouter, problem } from '../router.ts';
import { busyWhenFull, makeSlots } from '../slots.ts';
import { isPictureFile, readPicture } from './picture.ts';
import { readPlaceProof } from './place-proof.ts';
import { keepPhoto, photoBytes, photoOfKey, photoOwner } from './photos.ts';
import { prunePhotos } from './prune.ts';

/** Of the file itself; phones send 3–8 MB. */
export const PHOTO_MAX_BYTES = 15 * 1024 * 1024;
/** Boundaries, field names and the other fields around it. */
export const PHOTO_FORM_MAX_BYTES = PHOTO_MAX_BYTES + 64 * 1024;
/** Pictures unpacked at the same time: two processors, and some 200 MB each at the worst. */
const AT_ONCE = 2;
/** Files that wait in memory for that, up to 15 MB each. */
const WAITING = 16;

export interface PhotoRoutesDeps {
  readonly db: Kysely<Schema>;
  /** Whether the actor's scope sees the incident. */
  readonly maySeePhotoIncident: (incident: string, actor: Actor) => Promise<boolean>;
}

const upload = createRoute({
  method: 'post',
  path: '/photos',
  tags: ['evidence'],
  summary: 'Upload one photo: JPEG, PNG, WebP or AVIF up to 15 MB',
  description:
    'Turned upright, at most 2048 px, written anew as JPEG without metadata. Position and time of the EXIF are kept apart as place proof. ' +
    'With an Idempotency-Key the same file again gives the same id.',
  request: {
    headers: z.object({ 'idempotency-key': z.uuid().optional() }),
    body: {
      required: true,
      content: {
        'multipart/form-data': {
          schema: z
            .object({
              file: z.any().openapi({ type: 'string', format: 'binary' }),
              takenAt: z.iso.datetime({ offset: true }).optional().openapi({ description: 'When the device says that it was taken' }),
            })
            .openapi('PhotoUpload'),
        },
      },
    },
  },
  responses: {
    201: {
      description: 'Kept',
      content: {
        'application/json': { schema: z.object({ id: z.uuid(), width: z.number().int(), height: z.number().int() }).openapi('Photo') },
      },
    },
    ...problems(
      'photo-too-large',
      'photo-not-readable',
      'unsupported-media-type',
      'invalid-body',
      'idempotency-key-reused',
      'not-allowed',
      'busy',
    ),
  },
});

const read = createRoute({
  method: 'get',
  path: '/photos/{id}',
  tags: ['evidence'],
  summary: 'The photo as JPEG: for its uploader, and for those who may see its incident',
  request: {
    params: z.object({ id: z.uuid() }),
    query: z.object({ size: z.enum(['full', 'thumb']).default('full').openapi({ description: '`thumb`: at most 320 px' }) }),
  },
  responses: {
    200: { description: 'JPEG', content: { 'image/jpeg': { schema: z.any().openapi({ type: 'string', format: 'binary' }) } } },
    304: { description: 'Unchanged' },
    ...problems('not-found'),
  },
});

export function photoRoutes({ db, maySeePhotoIncident }: PhotoRoutesDeps): OpenAPIHono<AppEnv> {
  const app = newRouter();
  const slots = makeSlots(AT_ONCE, WAITING);

  app.openapi(upload, async (c) => {
    const { actor } = c.var;
    if (!hasAbility(actor.role, 'uploadPhoto')) return problem(c, 'not-allowed', 'This role only reads.');
    const { file, takenAt } = c.req.valid('form') as { file: unknown; takenAt?: string };
    if (!(file instanceof File))
      return problem(c, 'invalid-body', undefined, { errors: [{ path: 'file', message: 'one file is needed' }] });
    if (file.size > PHOTO_MAX_BYTES) return problem(c, 'photo-too-large');
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (!isPictureFile(bytes))
      return problem(c, 'unsupported-media-type', 'The file is no JPEG, PNG, WebP or AVIF.', { whatToDo: OTHER_FORMAT });
    const digest = createHash('sha256').update(bytes).digest();
    const key = c.req.valid('header')['idempotency-key'];
    const earlier = key === undefined ? null : await photoOfKey(db, actor, key, digest);
    if (earlier) return c.json(earlier, 201);
    const [picture, proof] = await slots.run(() => Promise.all([readPicture(bytes), readPlaceProof(bytes)])).catch(busyWhenFull(2));
    if (!picture) return problem(c, 'photo-not-readable');
    const claimedTakenAt = takenAt === undefined ? undefined : new Date(takenAt);
    const kept = await keepPhoto(db, actor, { id: v7(), key, digest, picture, proof, claimedTakenAt });
    await prunePhotos(db, actor.district);
    return c.json(kept, 201);
  });

  app.openapi(read, async (c) => {
    const { actor } = c.var;
    const { id } = c.req.valid('param');
    const { size } = c.req.valid('query');
    const owner = await photoOwner(db, actor.district, id);
    const visible =
      owner !== null &&
      (owner.uploadedBy === actor.account || (owner.incident !== null && (await maySeePhotoIncident(owner.incident, actor))));
    if (!visible) return problem(c, 'not-found');
    // The bytes of an id never change; who may see them does, so the browser asks again each time.
    const headers = { ETag: `"${id}-${size}"`, 'Cache-Control': 'private, no-cache' };
    if (c.req.header('if-none-match') === headers.ETag) return c.body(null, 304, headers);
    const jpeg = await photoBytes(db, actor.district, id, size);
    if (!jpeg) return problem(c, 'not-found');
    return c.body(new Uint8Array(jpeg), 200, { ...headers, 'Content-Type': 'image/jpeg', 'Content-Disposition': 'inline' });
  });
  return app;
}

const OTHER_FORMAT = { 'zh-CN': '不支持这种图片，请换 JPEG、PNG、WebP 或 AVIF', en: 'Send the photo as JPEG, PNG, WebP or AVIF.' };
