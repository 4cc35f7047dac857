/** One push on one device, as the push evidence tells it: a ring that asks a unit for an answer, or a notice to a place. Pure: the pages import it. */
import { z } from 'zod';

const Time = z.iso.datetime();

/** Why a device no longer rings. `renewed`: asked again, with another time; `ended`: the incident was; the last two are of this device alone. */
export const STOPS = ['acknowledged', 'declined', 'released', 'recalled', 'ended', 'renewed', 'signedOut', 'shiftOver'] as const;
export type Stop = (typeof STOPS)[number];

/**
 * Why a web push is sent no more. `sent`: of a notice, taken by the push service; `quieted`: the ring is over and the device was told so; `over`: it was over before
 * anything was sent; `replaced`: asked again by a later move; `gone`: the push service no longer knows the device; `refused`: it, or we, will not send there; `failed`: the
 * device could not be told that the ring is over.
 */
export const PUSH_OUTCOMES = ['sent', 'quieted', 'over', 'replaced', 'gone', 'signedOut', 'expired', 'refused', 'failed'] as const;

export type PushOutcome = (typeof PUSH_OUTCOMES)[number];

export const Push = z.object({
  kind: z.enum(['ring', 'notice']),
  channel: z
    .enum(['socket', 'webpush'])
    .describe('How the device was told: by its open page, or by web push because no page of it said that it has it'),
  seq: z.number().int().describe('Of the move that asks or tells'),
  recipient: z
    .string()
    .describe('The place: `unit:<code>` for a ring; `community:<code>`, `leader:<community>`, `district` … for a notice'),
  notice: z.string().nullable().describe('What is told; null for a ring'),
  assignment: z.string().nullable().describe('Null for a notice'),
  unit: z.string().nullable().describe('Null for a notice to another place'),
  account: z.string().nullable().describe('Null, like device and sentAt: no device of the place was connected, and none has web push'),
  device: z.string().nullable().describe('What people call it: Android · Chrome'),
  deviceNumber: z.number().int().nullable().describe('Which one, counted from 1 within this list: two of the same name are told apart'),
  queuedAt: Time.describe('When the move was made that asks or tells'),
  sentAt: Time.nullable().describe('Handed to the socket; of a web push: taken by the push service, null as long as it was not'),
  deliveredAt: Time.nullable(),
  shownAt: Time.nullable(),
  acknowledgedAt: Time.nullable().describe('When the unit or the place acknowledged, on whichever device'),
  acknowledgedBy: z.string().nullable().describe('Account that did'),
  acknowledgedHere: z.boolean().nullable().describe('Whether on this very device; null where that is not known, as for rings'),
  rings: z.number().int().describe('How often it rang on this device; 0 for a notice'),
  lastSentAt: Time.nullable().describe('When it rang last'),
  stoppedAt: Time.nullable().describe('When this device fell silent; null: it still rings, or never did'),
  stoppedBy: z.enum(STOPS).nullable(),
  outcome: z.enum(PUSH_OUTCOMES).nullable().describe('Of a web push; null for a socket'),
  status: z.number().int().nullable().describe('Of a web push: the last HTTP status of the push service; null where it was not reached'),
});
export type Push = z.infer<typeof Push>;
