/** Every message on a socket, as a schema first and a type second. No frame carries personal data: names and phones come by HTTP, by scope. */
import { z } from 'zod';

/** 4000–4499: come back, with `since`; 4500–4999: do not. */
export const CLOSE = { restarting: 4000, tooSlow: 4001, badFrame: 4500, signedOut: 4501, notAllowed: 4503 } as const;
/** Longest frame taken from a client, bytes; a longer one closes with 1009. */
export const MAX_CLIENT_FRAME_BYTES = 64 * 1024;
export const PING_INTERVAL_MS = 25_000;
export const SILENCE_LIMIT_MS = 60_000;

const Seq = z.number().int().min(0);
/** Of a notice: below zero where no move tells it. */
const NoticeSeq = z.number().int();
export const TOPIC =
  /^(district|subdistrict:\d{9}|community:\d{12}|cell:\d{15}|unit:[a-z0-9-]{1,80}|incident:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
/** Not before 1970: PostgreSQL has no year 0, and one such time would refuse the positions of all units that are written with it. */
const DeviceTime = z.iso.datetime({ offset: true }).refine((time) => Date.parse(time) >= 0);
const PositionSchema = z.object({
  lng: z.number().min(-180).max(180),
  lat: z.number().min(-90).max(90),
  accuracyM: z.number().min(0).optional(),
});

export const ClientFrame = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('follow'),
    topics: z.array(z.string().max(120)).max(200).optional(),
    since: Seq.optional(),
    epoch: z.string().max(64).optional(),
  }),
  z.object({ type: z.literal('receipt'), seq: NoticeSeq, stage: z.enum(['delivered', 'shown']) }),
  z.object({ type: z.literal('position'), position: PositionSchema, at: DeviceTime }),
]);
export type ClientFrame = z.infer<typeof ClientFrame>;

export const AssignmentItem = z.object({ id: z.string(), unit: z.string(), role: z.enum(['lead', 'assist']), state: z.string() });
export const MoveItem = z.object({
  seq: Seq,
  incident: z.string(),
  number: z.string(),
  verb: z.string(),
  from: z.string().nullable(),
  to: z.string(),
  version: z.number().int(),
  level: z.string(),
  cell: z.string(),
  at: z.string(),
  /** 演练: of an exercise; absent otherwise. */
  drill: z.literal(true).optional(),
  assignments: z.array(AssignmentItem).optional(),
});
export type MoveItem = z.infer<typeof MoveItem>;

export const ServerFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('welcome'), district: z.number().int(), epoch: z.string(), head: Seq, since: Seq.nullable() }),
  /** `upTo`: all that is for this socket up to that seq has been sent, also when `items` is empty; a later `since` may start there. */
  z.object({ type: z.literal('moves'), items: z.array(MoveItem), upTo: Seq.optional() }),
  z.object({
    type: z.literal('ring'),
    seq: Seq,
    incident: z.string(),
    assignment: z.string(),
    level: z.string(),
    until: z.string().nullable(),
    drill: z.literal(true).optional(),
  }),
  z.object({ type: z.literal('quiet'), assignment: z.string() }),
  /** The place where this account works is told something; `incident`, `number` and `level` are null where no incident is concerned. */
  z.object({
    type: z.literal('notice'),
    seq: NoticeSeq,
    incident: z.string().nullable(),
    number: z.string().nullable(),
    level: z.string().nullable(),
    notice: z.string(),
    at: z.string(),
    drill: z.literal(true).optional(),
  }),
  /** Somebody at the same place has seen these notices. */
  z.object({ type: z.literal('acknowledged'), seqs: z.array(NoticeSeq) }),
  /** 共建共治, to grid workers only: these have changed, or ended, where this account may read them; none named: too many to be named. */
  z.object({ type: z.literal('work'), items: z.array(z.object({ kind: z.enum(['need', 'activity']), code: z.string() })) }),
  z.object({ type: z.literal('positions'), items: z.array(z.object({ unit: z.string(), position: PositionSchema, at: z.string() })) }),
  z.object({ type: z.literal('resync'), head: Seq }),
  z.object({ type: z.literal('error'), code: z.string(), topic: z.string().optional() }),
]);
export type ServerFrame = z.infer<typeof ServerFrame>;
