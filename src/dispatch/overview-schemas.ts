/** What the map asks beyond single incidents, as schemas: an hour to play again, where things happen, which units are at work. Pure. */
import { z } from '@hono/zod-openapi';
import { LevelSchema, PositionSchema } from './chain/commands.ts';
import { ASSIGNMENT_STATES, STATE_NAMES, VERBS } from './chain/states.ts';
import { DeadlineSchema } from './schemas.ts';

const Time = z.iso.datetime();
/** Longest stretch that is played at once, minutes. */
const REPLAY_MAX_MINUTES = 60;
/** [ours] A quarter: one season shows in it, and a scan of that many reports of a district takes some 0.1 s. */
const HEAT_MAX_DAYS = 90;

/** What a move can change of an incident, as far as map, queue and card show it. */
const PictureSchema = z
  .object({
    state: z.enum(STATE_NAMES),
    level: LevelSchema,
    version: z.number().int(),
    deadlines: z.array(DeadlineSchema),
    assignments: z.array(z.object({ id: z.uuid(), unit: z.string(), role: z.enum(['lead', 'assist']), state: z.enum(ASSIGNMENT_STATES) })),
  })
  .openapi('IncidentPicture');
export type Picture = z.infer<typeof PictureSchema>;

const ReplayIncidentSchema = z.object({
  id: z.uuid(),
  number: z.string(),
  category: z.string(),
  position: PositionSchema,
  cell: z.string(),
  community: z.string(),
  subdistrict: z.string(),
  reportedAt: Time,
  drill: z.boolean().openapi({ description: '演练: an exercise, in no figure' }),
  start: PictureSchema.nullable().openapi({ description: 'As it stood when the stretch began; null: not reported yet' }),
});
export type ReplayIncident = z.infer<typeof ReplayIncidentSchema>;

const ReplayMoveSchema = z.object({
  seq: z.number().int(),
  incident: z.uuid(),
  at: Time,
  verb: z.enum(VERBS),
  actor: z.string(),
  payload: z
    .record(z.string(), z.unknown())
    .openapi({ description: 'What tells a move of the ladder, a review or a reply from others of its verb' }),
  after: PictureSchema.openapi({ description: 'The incident after the move' }),
});
export type ReplayMove = z.infer<typeof ReplayMoveSchema>;

export const ReplaySchema = z
  .object({
    from: Time,
    until: Time,
    incidents: z.array(ReplayIncidentSchema),
    moves: z.array(ReplayMoveSchema).openapi({ description: 'In the order of the log' }),
    cutOff: z.boolean().openapi({ description: 'There was more than is read at once: the gravest incidents are here' }),
  })
  .openapi('Replay');
export type Replay = z.infer<typeof ReplaySchema>;

export const ReplayQuery = z.object({
  from: z.iso.datetime({ offset: true }).transform((time) => new Date(time)),
  minutes: z.coerce.number().int().min(1).max(REPLAY_MAX_MINUTES).default(REPLAY_MAX_MINUTES),
});

export const HeatQuery = z.object({ days: z.coerce.number().int().min(1).max(HEAT_MAX_DAYS).default(7) });
export const HeatSchema = z
  .object({
    from: Time,
    items: z.array(z.object({ cell: z.string(), count: z.number().int() })),
    next: z.null(),
  })
  .openapi('Heat');
export type Heat = z.infer<typeof HeatSchema>;

const UnitAtWorkSchema = z
  .object({
    unit: z.string(),
    state: z.enum(ASSIGNMENT_STATES),
    role: z.enum(['lead', 'assist']),
    incident: z.uuid().nullable().openapi({ description: 'null: an incident beyond the scope of the caller' }),
  })
  .openapi('UnitAtWork');
export type UnitAtWork = z.infer<typeof UnitAtWorkSchema>;
export const UnitsAtWorkSchema = z.object({ items: z.array(UnitAtWorkSchema), next: z.null() }).openapi('UnitsAtWork');
