/** The requests about rosters: paths, what they take, what they answer. Pure. */
import { createRoute, z } from '@hono/zod-openapi';
import { problems } from '../../problems.ts';
import { answers, json, keyHeader } from '../../route-parts.ts';
import { UUID } from '../../uuid.ts';
import {
  BoardRowSchema,
  CrewSchema,
  DutySchema,
  HandOverSchema,
  HoleSchema,
  OpenWorkSchema,
  OverrideSchema,
  SignOnSchema,
  SwapSchema,
  UnitRosterSchema,
} from './wire.ts';

/** No control characters but line breaks: the database refuses a NUL, and nobody types the others. */
const TEXT = /^[^\p{Cc}]*$/u;
const NOTE = /^(?:[^\p{Cc}]|[\n\r\t])*$/u;

const body = <T extends z.ZodType>(schema: T) => ({ required: true, ...json(schema) });
const list = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.null() });
const Instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const SpanBody = z
  .object({ from: Instant, until: Instant })
  .refine(({ from, until }) => until > from, { path: ['until'], message: 'later than from' });
const Reason = z.string().trim().min(1).max(500).regex(TEXT);
const unitParam = z.object({ unit: z.string().max(80) });
const idParam = z.object({ id: z.string().regex(UUID) });
const Days = z.object({
  from: z.iso.date().optional().openapi({ description: 'A day of China’s time; absent: today' }),
  days: z.coerce.number().int().min(1).max(31).default(7),
});
const tags = ['rosters'];

export const getBoard = createRoute({
  method: 'get',
  path: '/rosters',
  tags,
  summary: '排班 Shifts of all units in the caller’s scope',
  request: { query: Days.extend({ days: z.coerce.number().int().min(1).max(7).default(1), subdistrict: z.string().max(9).optional() }) },
  responses: {
    200: answers(z.object({ from: z.iso.datetime(), until: z.iso.datetime(), items: z.array(BoardRowSchema), next: z.null() })),
    ...problems('not-allowed', 'invalid-query'),
  },
});
export const getOnDuty = createRoute({
  method: 'get',
  path: '/rosters/on-duty',
  tags,
  summary: '谁在值班 Who is on duty now',
  responses: { 200: answers(list(DutySchema)), ...problems('not-allowed') },
});
export const getHoles = createRoute({
  method: 'get',
  path: '/rosters/holes',
  tags,
  summary: '缺岗 Shifts that nobody has, now and in the hours to come',
  request: { query: z.object({ hours: z.coerce.number().int().min(1).max(168).default(24) }) },
  responses: { 200: answers(list(HoleSchema)), ...problems('not-allowed', 'invalid-query') },
});
export const getUnit = createRoute({
  method: 'get',
  path: '/rosters/units/{unit}',
  tags,
  summary: '单位排班 One unit’s roster, with its crews, overrides, swaps and hand-overs',
  request: { params: unitParam, query: Days },
  responses: { 200: answers(UnitRosterSchema), ...problems('not-found', 'invalid-query') },
});
export const putCrew = createRoute({
  method: 'put',
  path: '/rosters/units/{unit}/crews/{crew}',
  tags,
  summary: '班组 Names and telephone of a crew',
  request: {
    params: unitParam.extend({ crew: z.string().max(20) }),
    body: body(
      z.object({
        nameZh: z.string().trim().min(1).max(60).regex(TEXT),
        nameEn: z.string().trim().min(1).max(60).regex(TEXT),
        phone: z
          .string()
          .trim()
          .regex(/^[0-9+ -]{3,30}$/)
          .nullable(),
      }),
    ),
  },
  responses: { 200: answers(CrewSchema), ...problems('not-found', 'not-your-unit', 'unknown-crew', 'invalid-body') },
});
export const postOverride = createRoute({
  method: 'post',
  path: '/rosters/units/{unit}/overrides',
  tags,
  summary: '调班 Another crew, or nobody, for an interval',
  request: {
    params: unitParam,
    headers: keyHeader,
    body: body(
      SpanBody.safeExtend({
        crew: z.string().max(20).nullable(),
        reason: Reason,
        replace: z
          .boolean()
          .default(false)
          .openapi({ description: 'Overrides in the way make room, and hold before and after it as they did' }),
      }),
    ),
  },
  responses: {
    201: answers(OverrideSchema),
    ...problems(
      'not-found',
      'not-your-unit',
      'unknown-crew',
      'roster-in-past',
      'roster-too-long',
      'roster-overlap',
      'idempotency-key-missing',
      'idempotency-key-reused',
      'invalid-body',
    ),
  },
});
export const postEnd = createRoute({
  method: 'post',
  path: '/rosters/overrides/{id}/end',
  tags,
  summary: '取消调班 From now on the pattern holds again',
  request: { params: idParam },
  responses: { 200: answers(OverrideSchema), ...problems('not-found', 'not-your-unit', 'override-ended') },
});
export const postSwap = createRoute({
  method: 'post',
  path: '/rosters/units/{unit}/swaps',
  tags,
  summary: '申请换班 Ask another crew for a swap',
  request: {
    params: unitParam,
    headers: keyHeader,
    body: body(z.object({ other: z.string().max(20), gives: SpanBody, takes: SpanBody.nullable().default(null), reason: Reason })),
  },
  responses: {
    201: answers(SwapSchema),
    ...problems(
      'not-found',
      'not-your-unit',
      'not-your-crew',
      'not-your-shift',
      'unknown-crew',
      'roster-in-past',
      'idempotency-key-missing',
      'idempotency-key-reused',
      'invalid-body',
    ),
  },
});
export const postAnswer = createRoute({
  method: 'post',
  path: '/rosters/swaps/{id}/answer',
  tags,
  summary: '答复换班 Yes or no to a swap, or take it back',
  request: { params: idParam, body: body(z.object({ answer: z.enum(['accepted', 'declined', 'withdrawn']) })) },
  responses: {
    200: answers(SwapSchema),
    ...problems(
      'not-found',
      'not-your-unit',
      'not-your-crew',
      'swap-already-answered',
      'swap-out-of-date',
      'roster-overlap',
      'invalid-body',
    ),
  },
});
export const getHandOver = createRoute({
  method: 'get',
  path: '/rosters/units/{unit}/hand-over',
  tags,
  summary: '待交接 What the crew at this device would hand over now',
  request: { params: unitParam },
  responses: {
    200: answers(
      z.object({
        change: z.object({ at: z.iso.datetime(), fromCrew: z.string(), toCrew: z.string() }).nullable(),
        openWork: z.array(OpenWorkSchema).nullable().openapi({ description: 'null: not for you' }),
      }),
    ),
    ...problems('not-found'),
  },
});
export const postHandOver = createRoute({
  method: 'post',
  path: '/rosters/units/{unit}/hand-overs',
  tags,
  summary: '交班 Hand over to the next crew',
  request: { params: unitParam, headers: keyHeader, body: body(z.object({ note: z.string().trim().max(2000).regex(NOTE) })) },
  responses: {
    201: answers(HandOverSchema),
    ...problems(
      'not-found',
      'not-your-unit',
      'not-your-crew',
      'no-shift-change',
      'hand-over-already-given',
      'idempotency-key-missing',
      'idempotency-key-reused',
      'invalid-body',
    ),
  },
});
export const postTake = createRoute({
  method: 'post',
  path: '/rosters/hand-overs/{id}/take',
  tags,
  summary: '接班 Take over',
  request: { params: idParam },
  responses: { 200: answers(HandOverSchema), ...problems('not-found', 'not-your-unit', 'not-your-crew', 'hand-over-already-taken') },
});
export const getSignOn = createRoute({
  method: 'get',
  path: '/rosters/duty',
  tags,
  summary: '本机值班 For which crew this device is signed on',
  responses: { 200: answers(SignOnSchema) },
});
export const putSignOn = createRoute({
  method: 'put',
  path: '/rosters/duty',
  tags,
  summary: '上岗 Sign this device on for a crew: it rings until the shift is over',
  request: { body: body(z.object({ crew: z.string().max(20) })) },
  responses: { 200: answers(SignOnSchema), ...problems('not-your-unit', 'unknown-crew', 'crew-not-on-duty', 'invalid-body') },
});
export const deleteSignOn = createRoute({
  method: 'delete',
  path: '/rosters/duty',
  tags,
  summary: '离岗 Sign this device off: it is silent at once',
  responses: { 204: { description: 'Signed off' } },
});
