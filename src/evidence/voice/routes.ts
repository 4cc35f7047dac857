/** Voice notes over HTTP: up by whoever reports or works, down by whoever may see the incident. */
import { createHash } from 'node:crypto';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Kysely } from 'kysely';
import { v7 } from 'uuid';
import type { Schema } from '../../db/schema.ts';
import type { Incident } from '../../dispatch/chain/incident.ts';
import { hasAbility } from '../../identity/abilities.ts';
import type { Actor } from '../../identity/actor.ts';
import { problems } from '../../problems.ts';
import { answers } from '../../route-parts.ts';
import { type AppEnv, newRouter, problem } from '../../router.ts';
import { UUID } from '../../uuid.ts';
import { pruneVoices } from '../prune.ts';
import { byteRange } from './byte-range.ts';
import { isSoundFile, readSound, type SoundType } from './sound.ts';
import { keepVoice, voiceBytes, voiceDurations, voiceOwner } from './voices.ts';

/** Of the file itself: a minute at 256 kbit/s, eight times what the page records with. */
export const VOICE_MAX_BYTES = 2 * 1024 * 1024;
/** Boundaries and field names around it. */
export const VOICE_FORM_MAX_BYTES = VOICE_MAX_BYTES + 64 * 1024;
/** A minute, and what a recorder runs on after it was told to stop. */
const VOICE_MAX_MS = 60_000 + 2_000;
const MIME: Readonly<Record<SoundType, string>> = { webm: 'audio/webm', ogg: 'audio/ogg', mp4: 'audio/mp4' };

export interface VoiceRoutesDeps {
  readonly db: Kysely<Schema>;
  /** The incident if the actor may see it. */
  readonly findIncident: (id: string, actor: Actor) => Promise<Pick<Incident, 'voices'> | null>;
}

const tags = ['evidence'];
const upload = createRoute({
  method: 'post',
  path: '/voices',
  tags,
  summary: '语音 Upload one voice note: WebM, Ogg (Opus) or MP4 up to 60 s and 2 MB',
  description:
    'The sound is kept as it was recorded; tags, places, dates and names of devices that the file has beside it are not. WebM only with Opus. With an ' +
    'Idempotency-Key the same file again gives the same id.',
  request: {
    headers: z.object({ 'idempotency-key': z.uuid().optional() }),
    body: {
      required: true,
      content: {
        'multipart/form-data': { schema: z.object({ file: z.any().openapi({ type: 'string', format: 'binary' }) }).openapi('VoiceUpload') },
      },
    },
  },
  responses: {
    201: answers(z.object({ id: z.uuid(), durationMs: z.number().int() }).openapi('Voice'), 'Kept'),
    ...problems(
      'voice-too-large',
      'voice-too-long',
      'voice-not-readable',
      'unsupported-media-type',
      'invalid-body',
      'idempotency-key-reused',
      'not-allowed',
    ),
  },
});

const read = createRoute({
  method: 'get',
  path: '/voices/{id}',
  tags,
  summary: 'The voice note: for its uploader, and for those who may see its incident',
  request: { params: z.object({ id: z.uuid() }) },
  responses: {
    200: { description: 'Sound', content: { 'audio/*': { schema: z.any().openapi({ type: 'string', format: 'binary' }) } } },
    206: { description: 'The part that was asked for' },
    304: { description: 'Unchanged' },
    ...problems('not-found'),
  },
});

const list = createRoute({
  method: 'get',
  path: '/incidents/{id}/voices',
  tags,
  summary: 'How long the voice notes of an incident are',
  request: { params: z.object({ id: z.string() }) },
  responses: {
    200: answers(
      z
        .object({ items: z.array(z.object({ id: z.uuid(), at: z.iso.datetime(), durationMs: z.number().int() })), next: z.null() })
        .openapi('VoiceList'),
      'In the order in which they came',
    ),
    ...problems('not-found'),
  },
});

export function voiceRoutes({ db, findIncident }: VoiceRoutesDeps): OpenAPIHono<AppEnv> {
  const app = newRouter();

  app.openapi(upload, async (c) => {
    const { actor } = c.var;
    if (!hasAbility(actor.role, 'uploadPhoto')) return problem(c, 'not-allowed', 'This role only reads.');
    const { file } = c.req.valid('form') as { file: unknown };
    if (!(file instanceof File))
      return problem(c, 'invalid-body', undefined, { errors: [{ path: 'file', message: 'one file is needed' }] });
    if (file.size > VOICE_MAX_BYTES) return problem(c, 'voice-too-large');
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (!isSoundFile(bytes)) return problem(c, 'unsupported-media-type', 'The file is no WebM, Ogg or MP4.', { whatToDo: OTHER_FORMAT });
    const sound = readSound(bytes);
    if (sound === null) return problem(c, 'voice-not-readable');
    if (sound.durationMs > VOICE_MAX_MS) return problem(c, 'voice-too-long');
    const digest = createHash('sha256').update(bytes).digest();
    const key = c.req.valid('header')['idempotency-key'];
    const kept = await keepVoice(db, actor, { id: v7(), key, digest, sound });
    await pruneVoices(db, actor.district);
    return c.json(kept, 201);
  });

  app.openapi(read, async (c) => {
    const { actor } = c.var;
    const { id } = c.req.valid('param');
    const owner = await voiceOwner(db, actor.district, id);
    const visible =
      owner !== null &&
      (owner.uploadedBy === actor.account || (owner.incident !== null && (await findIncident(owner.incident, actor)) !== null));
    if (!visible) return problem(c, 'not-found');
    // The bytes of an id never change; who may hear them does, so the browser asks again each time.
    const headers = { ETag: `"${id}"`, 'Cache-Control': 'private, no-cache', 'Accept-Ranges': 'bytes' };
    if (c.req.header('if-none-match') === headers.ETag) return c.body(null, 304, headers);
    const sound = await voiceBytes(db, actor.district, id);
    if (!sound) return problem(c, 'not-found');
    const typed = { ...headers, 'Content-Type': MIME[owner.type], 'Content-Disposition': 'inline' };
    // Safari plays nothing that cannot be asked for in parts.
    const part = byteRange(c.req.header('range'), sound.length);
    if (part === null) return c.body(new Uint8Array(sound), 200, typed);
    const { from, to } = part;
    return c.body(new Uint8Array(sound.subarray(from, to + 1)), 206, { ...typed, 'Content-Range': `bytes ${from}-${to}/${sound.length}` });
  });

  app.openapi(list, async (c) => {
    const { actor } = c.var;
    const { id } = c.req.valid('param');
    const incident = UUID.test(id) ? await findIncident(id.toLowerCase(), actor) : null;
    if (incident === null) return problem(c, 'not-found');
    const durations = await voiceDurations(
      db,
      actor.district,
      incident.voices.map((v) => v.id),
    );
    const items = incident.voices.flatMap((v) => {
      const durationMs = durations.get(v.id);
      return durationMs === undefined ? [] : [{ id: v.id, at: v.at, durationMs }];
    });
    return c.json({ items, next: null }, 200);
  });
  return app;
}

const OTHER_FORMAT = { 'zh-CN': '不支持这种录音，请在这个页面上重录', en: 'Record the voice note anew on this page.' };
