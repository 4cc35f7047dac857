/** A notice as its inbox shows it. Pure: the pages import it. */
import { z } from 'zod';
import { COBUILD_NOTICES } from '../cobuild/chain/notices.ts';
import { NOTICE_KINDS } from '../dispatch/chain/told.ts';

/**
 * Everything that can be told. From no move of an incident come: a shift that nobody has (排班缺人), a hand-over that nobody took, a resident for whom
 * it is not done (没办好), and what 共建共治 tells.
 */
export const ALL_NOTICES = [...NOTICE_KINDS, 'rosterHole', 'handOverMissed', 'notDone', ...COBUILD_NOTICES] as const;
export type AnyNotice = (typeof ALL_NOTICES)[number];

const Time = z.iso.datetime();
const Words = z.object({ zh: z.string(), en: z.string() });

export const NoticeItem = z.object({
  seq: z.number().int().describe('Of the move that tells; below zero for what no move tells'),
  incident: z.string().nullable(),
  number: z.string().nullable(),
  level: z.string().nullable().describe('When it was told'),
  notice: z.enum(ALL_NOTICES).describe('What is told: `remind`, `overdue`, `arbitration` …'),
  about: z.record(z.string(), z.unknown()).nullable().describe('What it is about where there is no incident'),
  subject: Words.nullable().describe('The name of what it is about in 共建共治: the need, the resolution, the committee. Never a person'),
  body: Words.nullable().describe('The member unit that it concerns, by name'),
  at: Time,
  recipient: z.string().describe('The place that is told: `community:<code>`, `leader:<community>`, `district` …'),
  category: z.string().nullable(),
  cell: z.string().nullable(),
  state: z.string().nullable().describe('Of the incident, now'),
  drill: z.boolean().describe('演练: it is about an exercise'),
  settledAt: Time.nullable().describe('When what it asked for was done, or the incident ended: it needs no answer any more'),
  acknowledgedAt: Time.nullable(),
  acknowledgedBy: z.string().nullable().describe('Account; for units, grid workers and members only its kind where it names a person'),
});
export type NoticeItem = z.infer<typeof NoticeItem>;

export const NoticePage = z.object({ items: z.array(NoticeItem), next: z.string().nullable() });
/** Open ones: neither acknowledged nor settled. */
export const NoticeCount = z.object({ open: z.number().int() });
