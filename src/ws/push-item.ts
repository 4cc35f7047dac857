/** One ring on one device, as the push evidence tells it. Pure: the pages import it. */
import { z } from 'zod';

const Time = z.iso.datetime();

export const Push = z.object({
  assignment: z.string(),
  unit: z.string(),
  account: z.string().nullable().describe('Null, like device and sentAt: no device of the unit was connected'),
  device: z.string().nullable().describe('What people call it: Android · Chrome'),
  queuedAt: Time.describe('When the move was made that asks for an answer'),
  sentAt: Time.nullable(),
  deliveredAt: Time.nullable(),
  shownAt: Time.nullable(),
  acknowledgedAt: Time.nullable().describe('When the unit acknowledged, on whichever device'),
});
export type Push = z.infer<typeof Push>;
