/** What residents send and are answered, as schemas. Pure: the pages import the types. */
import { z } from '@hono/zod-openapi';
import { COMMENT_MAX, DESCRIPTION_MAX, MOST_PHOTOS, WHERE_MAX } from './form.ts';
import { STAGES, STEPS } from './progress.ts';

const Time = z.iso.datetime();
const Words = z.object({ zh: z.string(), en: z.string() });
const Score = z.union([z.literal(1), z.literal(2), z.literal(3)]).openapi({ description: '3 满意, 2 一般, 1 没办好' });
/** PostgreSQL cannot keep NUL, nor half of a surrogate pair. */
const words = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .refine((s) => !s.includes('\u0000') && s.isWellFormed(), 'text must be well-formed and without NUL');

export const CodeQuery = z.object({
  k: z.string().max(40).optional().openapi({ description: 'Code of the link on the slip; without it there is less to see' }),
});

export const ProgressSchema = z
  .object({
    number: z.string(),
    stage: z.enum(STAGES),
    category: Words.nullable().openapi({ description: 'null where it would say something about who lives there, and no code was sent' }),
    community: z
      .object({ zh: z.string(), en: z.string().nullable() })
      .nullable()
      .openapi({ description: 'null as for the category; never nearer than this' }),
    reportedAt: Time,
    endedAt: Time.nullable(),
    steps: z.array(z.object({ step: z.enum(STEPS), at: Time })),
    ahead: z.array(z.enum(STEPS)).openapi({ description: 'What usually comes next' }),
    mergedInto: z.string().nullable().openapi({ description: 'Number of the incident that goes on in its place' }),
    withCode: z.boolean().openapi({ description: 'The code that was sent is right' }),
    photos: z
      .object({ before: z.boolean(), after: z.boolean() })
      .nullable()
      .openapi({ description: 'Only with the code, once it is done, where the district shows them' }),
    rating: z
      .object({
        open: z.boolean(),
        until: Time.nullable().openapi({ description: 'The last moment for it; null: no end yet' }),
        given: Score.nullable(),
        changeableUntil: Time.nullable(),
      })
      .nullable()
      .openapi({ description: 'Only with the code' }),
  })
  .openapi('ResidentProgress');
export type WireProgress = z.infer<typeof ProgressSchema>;

export const RatingBody = z
  .object({
    score: Score,
    comment: words(COMMENT_MAX).optional().openapi({ description: 'For staff only; never shown to anybody else' }),
    code: z.string().max(40),
    device: z.uuid().openapi({ description: 'Made and kept by the device: only it may change the rating, within 24 hours' }),
  })
  .openapi('ResidentRating');

export const RatingAnswerSchema = z.object({ score: Score, at: Time, changeableUntil: Time }).openapi('ResidentRatingKept');

const Named = z.object({ code: z.string(), nameZh: z.string(), nameEn: z.string().nullable() });

export const ReportFormSchema = z
  .object({
    mayReport: z.boolean(),
    district: Words,
    kinds: z.array(z.object({ kind: z.string(), zh: z.string(), en: z.string() })),
    areas: z.array(Named.extend({ communities: z.array(Named) })),
  })
  .openapi('ResidentReportForm');
export type WireReportForm = z.infer<typeof ReportFormSchema>;

const optionalNumber = (least: number, most: number) => z.coerce.number().min(least).max(most).optional();
export const ReportFields = z
  .object({
    description: words(DESCRIPTION_MAX).min(1),
    kind: z.string().max(40).optional().openapi({ description: 'From the form; absent: by the words' }),
    lng: optionalNumber(-180, 180),
    lat: optionalNumber(-90, 90),
    accuracyM: optionalNumber(0, 100_000),
    community: z.string().max(12).optional().openapi({ description: 'Where the device says no position: 12 digits' }),
    where: words(WHERE_MAX).optional().openapi({ description: 'The place in words' }),
    website: z.string().max(200).optional().openapi({ description: 'Left empty: people do not see it, programs fill it in' }),
    photos: z
      .any()
      .optional()
      .openapi({ type: 'array', items: { type: 'string', format: 'binary' }, description: `Up to ${MOST_PHOTOS}, 4 MB each` }),
  })
  .openapi('ResidentReport');

export const ReportedSchema = z
  .object({
    number: z.string(),
    code: z.string(),
    path: z.string().openapi({ description: 'Address of its page below this service; as QR code it is the link' }),
  })
  .openapi('ResidentReported');
export type WireReported = z.infer<typeof ReportedSchema>;

export const PublicPlaceSchema = z.object({ community: Named, subdistrict: Named }).openapi('PublicPlace');
export type WirePublicPlace = z.infer<typeof PublicPlaceSchema>;

export const ForStaffSchema = z
  .object({
    link: z
      .object({ number: z.string(), code: z.string(), path: z.string() })
      .nullable()
      .openapi({ description: 'To hold out or print; null for those whose work is rated, and for those who only look' }),
    fromResident: z.boolean(),
    ratings: z.array(
      z.object({
        round: z.number().int(),
        score: Score,
        comment: z.string().nullable().openapi({ description: 'For communities and up' }),
        at: Time,
        changedAt: Time.nullable(),
      }),
    ),
  })
  .openapi('ResidentsOfIncident');
export type WireForStaff = z.infer<typeof ForStaffSchema>;

export const SwitchesSchema = z
  .object({ mayReport: z.boolean(), seePhotos: z.boolean(), mayJoin: z.boolean(), basis: z.string() })
  .openapi('ResidentSwitches');
export const SwitchesEditSchema = z
  .object({
    mayReport: z.boolean().optional(),
    seePhotos: z.boolean().optional(),
    mayJoin: z.boolean().optional(),
    basis: z.string().max(60).optional(),
  })
  .openapi('ResidentSwitchesEdit');
