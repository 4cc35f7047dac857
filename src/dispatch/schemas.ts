/** What dispatch answers, as schemas: the OpenAPI page is made from them. What it takes is in `chain/commands.ts`. */
import { z } from '@hono/zod-openapi';
import { LevelSchema, OwnershipSchema, PositionSchema } from './chain/commands.ts';
import { ASSIGNMENT_STATES, STATE_NAMES, VERBS } from './chain/states.ts';

const Time = z.iso.datetime();
const State = z.enum(STATE_NAMES);
const Verb = z.enum(VERBS);
const Words = z.object({ zh: z.string(), en: z.string() });
const ClockNames = z.string();
const Kind = z.enum(['working', 'continuous']);

const Assignment = z
  .object({
    id: z.uuid(),
    unit: z.string(),
    role: z.enum(['lead', 'assist']),
    state: z.enum(ASSIGNMENT_STATES),
    dispatch: z.number().int().openapi({ description: 'Which dispatch of the incident it belongs to, from 1' }),
    until: Time.nullable().openapi({ description: 'Until when it should be acknowledged, or the unit be there' }),
    assignedAt: Time,
    acknowledgedAt: Time.optional(),
    departedAt: Time.optional(),
    arrivedAt: Time.optional(),
    finishedAt: Time.optional(),
    declinedAt: Time.optional(),
    releasedAt: Time.optional(),
    lapses: z.number().int().optional(),
  })
  .openapi('Assignment');

export const DeadlineSchema = z
  .object({
    clock: ClockNames,
    startedAt: Time,
    dueAt: Time,
    limitMs: z.number().openapi({ description: 'Counted milliseconds, extensions included' }),
    kind: Kind,
    pausedMs: z.number().optional().openapi({ description: 'How long it stood still so far, plain milliseconds' }),
  })
  .openapi('Deadline');

const Supervision = z
  .object({
    version: z.number().int().openapi({ description: 'What `replyTo` of a comment names' }),
    level: z.number().int(),
    at: Time,
    by: z.string(),
    repliedAt: Time.nullable(),
    mayReply: z.boolean().openapi({ description: 'The caller may answer it' }),
  })
  .openapi('Supervision');

export const IncidentSchema = z
  .object({
    id: z.uuid(),
    number: z.string(),
    state: State,
    step: z.string().nullable(),
    stateSince: Time,
    level: LevelSchema,
    version: z.number().int(),
    category: z.string(),
    description: z.string(),
    position: PositionSchema,
    cell: z.string(),
    community: z.string(),
    subdistrict: z.string(),
    ownership: OwnershipSchema.nullable(),
    foundAt: Time,
    reportedAt: Time,
    reportedBy: z
      .string()
      .optional()
      .openapi({ description: 'The account for communities and up, and the reporter; for others only what it is, as `grid`' }),
    drill: z.boolean().openapi({ description: '演练: an exercise, in no figure' }),
    closedAt: Time.nullable(),
    photos: z.array(z.object({ id: z.uuid(), kind: z.string(), at: Time })),
    voices: z.array(z.object({ id: z.uuid(), at: Time })).openapi({ description: 'Voice notes' }),
    lead: z.string().nullable(),
    alarm: z.number().int().openapi({ description: 'Alarms sent in this dispatch: 1, and one more for each further one' }),
    assignments: z.array(Assignment),
    deadlines: z.array(DeadlineSchema),
    overdue: z.boolean(),
    proof: z.enum(['spot', 'evidence', 'checked', 'forced']).nullable(),
    score: z.number().int().nullable(),
    checker: z.string().nullable(),
    verified: z.boolean().nullable(),
    raised: z.boolean(),
    holder: z.string().nullable().openapi({ description: 'Who has to act next, for example `unit:drainage-1`; null after the end' }),
    supervised: z.number().int(),
    supervisions: z.array(Supervision),
    review: z
      .object({ askedAt: Time, answerBy: Time, answeredAt: Time.nullable() })
      .nullable()
      .openapi({ description: 'The newest monthly review of a suspension' }),
    extensions: z.number().int(),
    extensionAsked: z.object({ byMs: z.number(), reason: z.string(), at: Time }).nullable(),
    forceCloseProposed: z.object({ at: Time, reason: z.string() }).nullable(),
    arbitration: z.object({ state: z.enum(['pending', 'ruled']), unit: z.string().optional(), ruling: z.string().optional() }).nullable(),
    declinedBy: z.array(z.string()),
    suspendedUntil: Time.nullable(),
    mergedInto: z.string().nullable(),
    referredTo: z.string().nullable(),
    recurrence: z.object({ count: z.number().int(), since: Time }).nullable().optional().openapi({
      description: 'How often the same kind was reported at this place before it. Only where one incident is read',
    }),
    found: z
      .object({ in: z.enum(['description', 'log']), text: z.string() })
      .optional()
      .openapi({ description: 'Of a search: the words around the first hit, where they are no name or number' }),
    may: z.array(Verb).openapi({ description: 'What the caller may do now' }),
  })
  .openapi('Incident');
export type WireIncident = z.infer<typeof IncidentSchema>;

export const MoveSchema = z
  .object({
    seq: z.number().int(),
    version: z.number().int(),
    verb: Verb,
    from: State.nullable().openapi({ description: 'null for the report' }),
    to: State,
    at: Time,
    actor: z.string(),
    payload: z.record(z.string(), z.unknown()),
    hash: z.string().openapi({ description: 'SHA-256, hex; covers the hash of the move before' }),
  })
  .openapi('Move');
export type WireMove = z.infer<typeof MoveSchema>;

export const MovedSchema = z.object({ incident: IncidentSchema, moves: z.array(MoveSchema) }).openapi('Moved');
export const IncidentListSchema = z.object({ items: z.array(IncidentSchema), next: z.string().nullable() }).openapi('IncidentList');
export const MoveListSchema = z.object({ items: z.array(MoveSchema), next: z.string().nullable() }).openapi('MoveList');
const ExplainedDeadline = DeadlineSchema.extend({
  overdue: z.boolean(),
  usedMs: z.number().openapi({ description: 'Counted milliseconds; with `leftMs` it makes `limitMs`' }),
  leftMs: z.number().openapi({ description: 'Below zero once it is overdue' }),
  lines: z.array(
    Words.extend({
      what: z.enum(['limit', 'start', 'counting', 'skipped', 'pause', 'extension', 'used', 'note', 'due']),
      ms: z.number().optional().openapi({ description: 'What the line adds or takes; all together are `leftMs`' }),
    }),
  ),
  rungs: z.array(
    z.object({
      share: z.number().int().openapi({ description: 'Per cent of the limit' }),
      at: Time,
      done: z.boolean(),
      tells: z.array(z.string()).openapi({ description: 'Places, for example `subdistrict:441802006`' }),
      then: z.enum(['lapse', 'answerVerification', 'assignCheck']).optional().openapi({ description: 'What the system does besides' }),
    }),
  ),
  pauses: z.array(z.object({ from: Time, to: Time.nullable(), why: z.enum(['suspended', 'check', 'away']), savedMs: z.number() })),
  extensions: z.array(
    z.object({
      byMs: z.number(),
      at: Time,
      by: z.string(),
      place: z.string().optional().openapi({ description: 'Where who granted it works' }),
    }),
  ),
  days: z.array(z.object({ date: z.iso.date(), working: z.boolean(), label: Words.nullable() })),
  hours: z.array(z.object({ fromMin: z.number().int(), toMin: z.number().int() })).openapi({ description: 'Minutes from midnight' }),
});
export const DeadlineListSchema = z.object({ items: z.array(ExplainedDeadline), next: z.null() }).openapi('DeadlineList');

const DutyState = z.enum(['on', 'onCall', 'off']);
const Choice = z.object({
  wanted: z.string(),
  chosen: z.string().nullable(),
  distanceM: z.number().nullable(),
  from: z.enum(['position', 'home']).nullable().openapi({ description: 'A position is used for ten minutes, then the unit’s home' }),
  duty: DutyState.nullable(),
  until: z.string().nullable(),
  standsInFor: z.string().nullable(),
  reason: Words,
  passed: z.array(z.object({ unit: z.string(), reason: Words })).openapi({ description: 'Nearer units that were not taken' }),
  shortfall: z.enum(['noneServes', 'assistsOnly', 'allOut', 'noneOnDuty', 'tooFar', 'positionStale']).nullable(),
  instead: z.string().nullable().openapi({ description: 'For an empty place: whom a person could send all the same' }),
});
export const FilledCardSchema = z
  .object({
    card: z.string().nullable(),
    alarm: z.number().int(),
    radiusKm: z.number().nullable(),
    rule: z.object({ id: z.uuid(), unit: z.string(), source: z.string() }).nullable(),
    lead: Choice.nullable().openapi({ description: 'null for a further alarm' }),
    assisting: z.array(Choice),
    shortfalls: z.array(z.object({ role: z.enum(['lead', 'assist', 'card']), wanted: z.string(), reason: Words })),
  })
  .openapi('FilledRunCard');

const StandingUnitSchema = z
  .object({
    unit: z.string(),
    distanceM: z.number().int(),
    from: z.enum(['position', 'home']),
    duty: DutyState,
    until: z.string().nullable(),
    next: z.string().nullable().openapi({ description: 'When somebody comes on duty next' }),
    standIn: z.object({ unit: z.string(), may: z.enum(['full', 'secure-only']), duty: DutyState }),
    serves: z.boolean().openapi({ description: 'The subdistrict of the incident is in its scope' }),
    sent: z.boolean(),
    declined: z.boolean(),
  })
  .openapi('StandingUnit');
export type StandingUnit = z.infer<typeof StandingUnitSchema>;
export const StandingUnitListSchema = z.object({ items: z.array(StandingUnitSchema), next: z.null() }).openapi('StandingUnitList');

/** A comma-separated list of some of these. */
const listOf = <T extends string>(values: readonly [T, ...T[]]) =>
  z
    .string()
    .max(400)
    .transform((s) => s.split(','))
    .pipe(z.array(z.enum(values)).min(1))
    .openapi({ type: 'string', description: `One or more of ${values.join(', ')}, separated by commas` });
const code = (max: number) => z.string().min(1).max(max);
const flag = z.enum(['true', 'false']).transform((s) => s === 'true');
const limit = (most: number, normally: number) => z.coerce.number().int().min(1).max(most).default(normally);

/** As many as fit into a line of a request: 100 ids are 3.7 KB. */
const IDS_MAX = 100;

export const IncidentQuery = z.object({
  id: z
    .string()
    .max(IDS_MAX * 37)
    .transform((s) => s.toLowerCase().split(','))
    .pipe(z.array(z.uuid()).min(1).max(IDS_MAX))
    .optional()
    .openapi({ type: 'string', description: `Only these, as far as they are in scope: at most ${IDS_MAX} ids, separated by commas` }),
  state: listOf(STATE_NAMES).optional(),
  level: listOf(['R1', 'R2', 'R3', 'R4']).optional(),
  subdistrict: code(9).optional(),
  community: code(12).optional(),
  cell: code(15).optional(),
  unit: code(80).optional(),
  category: code(40).optional().openapi({ description: 'A row of the category table, or a category for all its rows' }),
  overdue: flag.optional(),
  arbitration: z.enum(['pending', 'ruled']).optional().openapi({ description: 'pending: three units declined, a ruling is due' }),
  drill: flag.optional().openapi({ description: '演练: only drills, or none; absent: both' }),
  open: flag.optional().openapi({ description: 'true: not ended; false: ended' }),
  mergedInto: z.uuid().toLowerCase().optional().openapi({ description: 'Only those that were merged into this incident' }),
  q: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .refine((s) => !s.includes('\u0000'), 'text must not contain NUL')
    .optional()
    .openapi({
      description:
        'Words that all have to be found: in the report, in the log, in the number, or in the names of category, place and units',
    }),
  order: z.enum(['newest', 'due', 'best']).default('newest').openapi({ description: 'best: with `q`, what fits best first' }),
  after: z.string().max(200).optional(),
  limit: limit(200, 50),
});
export type IncidentQuery = z.infer<typeof IncidentQuery>;

export const MoveQuery = z.object({ after: z.coerce.number().int().min(0).max(2_147_483_647).default(0), limit: limit(500, 200) });
export const RunCardQuery = z.object({
  level: LevelSchema.optional(),
  ownership: OwnershipSchema.optional(),
  alarm: z.coerce.number().int().min(1).max(9).default(1).openapi({ description: '2 and more: what a further alarm would add' }),
});
