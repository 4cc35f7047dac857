/** What may be asked of an incident: one schema per verb. The same schemas check bodies, make the OpenAPI page and type the rules. */
import { z } from '@hono/zod-openapi';
import { OWNERSHIP_CODES } from '../../grid/responsibility.ts';
import { LEVELS, PHOTO_PHASES } from './incident.ts';

/** PostgreSQL cannot keep NUL, nor half of a surrogate pair (in json it takes it and never reads it again): refused here, not there. */
export const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((s) => !s.includes('\u0000') && s.isWellFormed(), 'text must be well-formed and without NUL');
const note = text(2000).optional();
const reason = text(2000);
/** Ids are compared as text, so in one form. */
const id = z.uuid().toLowerCase();
const photos = z.array(id).max(20);
/** Three minutes of speech: more is better written. */
const voices = z.array(id).max(3);
const unitCode = text(80);
/** Nothing here is older than this century, and PostgreSQL has no year 0. */
const EARLIEST_MS = Date.UTC(2000, 0, 1);
const when = z.iso.datetime({ offset: true }).refine((s) => Date.parse(s) >= EARLIEST_MS, 'a time of this century');

export const LevelSchema = z.enum(LEVELS);
export const OwnershipSchema = z.enum(OWNERSHIP_CODES).openapi({ description: '权属: who owns the thing, and so owes the work' });
export const PositionSchema = z.object({
  lng: z.number().min(-180).max(180),
  lat: z.number().min(-90).max(90),
  accuracyM: z.number().min(0).max(100_000).optional(),
});

export const ReportSchema = z.object({
  category: text(40),
  description: text(10_000),
  position: PositionSchema,
  measured: PositionSchema.required({ accuracyM: true })
    .optional()
    .openapi({ description: 'Where the device was when the place was set by hand. Kept is only how far that is, as place proof' }),
  foundAt: when.optional(),
  photos: photos.optional(),
  voices: voices.optional(),
  level: LevelSchema.optional(),
  ownership: OwnershipSchema.optional(),
  /** Never `false` in what is hashed and kept: a report without it is the same report. */
  drill: z
    .literal(true)
    .optional()
    .openapi({ description: '演练: runs as in earnest, in no figure; by the district, or by a subdistrict in its own place' }),
});
export type ReportInput = z.infer<typeof ReportSchema>;

const sent = z.object({ unit: unitCode });
const ownership = OwnershipSchema.optional();
const phase = z
  .enum(PHOTO_PHASES)
  .optional()
  .openapi({ description: 'Of which phase of the work the photos are; absent: as the verb says' });
const onAssignment = { assignment: id, deviceAt: when.optional(), photos: photos.optional(), phase, note };

export const CommandSchema = z.discriminatedUnion('verb', [
  z.object({ verb: z.literal('call'), ownership, note }),
  z.object({ verb: z.literal('requestVerification'), note }),
  z.object({ verb: z.literal('answerVerification'), found: z.boolean(), photos: photos.optional(), note }),
  z.object({ verb: z.literal('settleOnSpot'), before: photos.min(1), after: photos.min(1), note }),
  z.object({ verb: z.literal('reject'), reason }),
  z.object({ verb: z.literal('withdraw'), reason }),
  z.object({ verb: z.literal('returnCall'), reason }),
  z.object({ verb: z.literal('recall'), reason }),
  z.object({ verb: z.literal('abort'), reason }),
  z.object({ verb: z.literal('reopen'), reason }),
  z.object({ verb: z.literal('appeal'), reason }),
  z.object({ verb: z.literal('merge'), into: id }),
  z.object({ verb: z.literal('unmerge') }),
  z.object({ verb: z.literal('refer'), to: text(200), reason }),
  z.object({ verb: z.literal('returnReferral'), reason }),
  z.object({ verb: z.literal('accept'), ownership, note }),
  z.object({ verb: z.literal('raise'), reason }),
  z.object({
    verb: z.literal('dispatch'),
    level: LevelSchema.optional(),
    lead: sent.optional(),
    assisting: z.array(sent).max(20).optional(),
    /** Take lead and assistants from the run card of the category and level. */
    runCard: z.boolean().optional(),
    ownership,
    note,
  }),
  z.object({ verb: z.literal('acknowledge'), ...onAssignment }),
  z.object({ verb: z.literal('depart'), ...onAssignment }),
  z.object({ verb: z.literal('arrive'), ...onAssignment }),
  z.object({ verb: z.literal('finish'), ...onAssignment }),
  z.object({ verb: z.literal('decline'), assignment: id, reason }),
  z.object({ verb: z.literal('release'), assignment: id, reason }),
  z.object({ verb: z.literal('suspend'), until: when, reason }),
  z.object({ verb: z.literal('resume') }),
  z.object({ verb: z.literal('assignCheck'), checker: text(80).optional() }),
  z.object({ verb: z.literal('acceptEvidence'), note }),
  z.object({ verb: z.literal('confirmClose'), score: z.number().int().min(1).max(5).optional(), note }),
  z.object({ verb: z.literal('failCheck'), reason, photos: photos.optional() }),
  z.object({ verb: z.literal('failSpotCheck'), reason, photos: photos.optional() }),
  z.object({ verb: z.literal('endDrill'), note }),
  z.object({ verb: z.literal('forceClose'), reason }),
  z.object({
    verb: z.literal('extend'),
    /** Milliseconds asked for; with `grant` it is the answer to what was asked. */
    by: z
      .number()
      .int()
      .positive()
      .max(366 * 86_400_000)
      .optional(),
    reason: reason.optional(),
    grant: z.boolean().optional(),
  }),
  z.object({ verb: z.literal('urge'), note }),
  z.object({ verb: z.literal('supervise'), level: z.union([z.literal(1), z.literal(2), z.literal(3)]), note }),
  z.object({ verb: z.literal('regrade'), level: LevelSchema, reason }),
  z.object({
    verb: z.literal('comment'),
    text: text(2000),
    /** Version of the 督办 that this answers. */
    replyTo: z.number().int().positive().optional(),
    /** Answers the monthly review of a suspension: why it stays. */
    review: z.literal(true).optional(),
  }),
  z
    .object({
      verb: z.literal('addUnit'),
      unit: unitCode.optional(),
      /** Several at once, in one line of the log. */
      assisting: z.array(sent).min(1).max(20).optional(),
      /** 再次出动: the next alarm of the run card. Without `assisting` its units are found now; with it, those are sent that were shown. */
      runCard: z.boolean().optional(),
    })
    .refine((c) => c.unit !== undefined || c.assisting !== undefined || c.runCard === true, {
      path: ['unit'],
      message: 'unit, assisting or runCard',
    }),
  z
    .object({ verb: z.literal('attach'), photos: photos.min(1).optional(), voices: voices.min(1).optional(), phase })
    .refine((c) => c.photos !== undefined || c.voices !== undefined, { path: ['photos'], message: 'photos or voices' }),
  z.object({ verb: z.literal('arbitrate'), unit: unitCode, ruling: text(2000) }),
]);
export type PersonCommand = z.infer<typeof CommandSchema>;

/** Commands that only the system gives, so they are not in the schema of bodies. */
export type SystemCommand =
  | { readonly verb: 'lapse'; readonly assignment: string }
  /** Nobody answered the verification in time. */
  | { readonly verb: 'answerVerification'; readonly found: null }
  /** The ladder: 50 and 80 % of a clock's limit remind; past 100, 150 and 200 % it is 督办. */
  | { readonly verb: 'urge'; readonly clock: 'step' | 'total'; readonly share: 50 | 80 }
  | { readonly verb: 'supervise'; readonly level: 1 | 2 | 3; readonly clock: 'step' | 'total'; readonly share: 100 | 150 | 200 }
  /** After the last rung, again and again. */
  | { readonly verb: 'urge'; readonly clock: 'step' | 'total'; readonly repeat: true }
  /** 挂账 is looked at each month; nobody answered in time. */
  | { readonly verb: 'urge'; readonly review: true }
  | { readonly verb: 'supervise'; readonly level: 1; readonly review: true }
  /** Calendar or limits were changed: the clocks are derived anew. */
  | { readonly verb: 'comment'; readonly recount: true };

export type Command = PersonCommand | SystemCommand;

/** Adds the version that the caller saw; a newer one refuses the move with `version-conflict`. */
export const MoveBodySchema = CommandSchema.and(z.object({ expectedVersion: z.number().int().positive().optional() }));
