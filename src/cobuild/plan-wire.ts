/** Plans as the outside sees them: schemas first, types second. */
import { z } from '@hono/zod-openapi';
import type { Actor } from '../identity/actor.ts';
import { accountAsTold } from '../identity/personal.ts';
import { PLAN_LAW, PLAN_LEVELS, STANDINGS, standOf } from './chain/plan.ts';
import { verbsFor } from './chain/table.ts';
import { type KeptPlanItem, planParts, type PlanReport } from './plans.ts';
import { Code, DayText, Line, Time } from './route-frame.ts';

export const PlaceCode = z
  .string()
  .regex(/^(\d{6}|\d{9}|\d{12})$/)
  .openapi({ description: 'The district (6 digits), a subdistrict (9) or a community (12)' });

export const PlanItemSchema = z
  .object({
    code: z.string(),
    parent: z.string().nullable(),
    level: z.enum(PLAN_LEVELS),
    place: PlaceCode,
    ownerUnit: z.string(),
    nameZh: z.string(),
    nameEn: z.string(),
    starts: DayText,
    ends: DayText,
    measureZh: z.string().openapi({ description: 'What is counted; of plans and phases: tasks done' }),
    measureEn: z.string(),
    target: z.number().int(),
    done: z.number().int(),
    plannedPercent: z.number().int().openapi({ description: 'That should be done by today: linear over calendar days' }),
    actualPercent: z.number().int(),
    gap: z.number().int().openapi({ description: 'Points, fact minus plan: below zero is behind' }),
    state: z.enum(STANDINGS).openapi({ description: '`late`: 20 points or more behind' }),
    version: z.number().int(),
    mayReport: z.boolean().openapi({ description: 'The caller may report progress' }),
  })
  .openapi('PlanItem');
export const PlanListSchema = z.object({ items: z.array(PlanItemSchema), next: z.null() }).openapi('PlanList');

export const CurveSchema = z
  .object({
    items: z.array(
      z.object({
        day: DayText,
        planned: z.number().int().openapi({ description: 'Per cent' }),
        actual: z.number().int().nullable().openapi({ description: 'Per cent; null for days to come' }),
      }),
    ),
    next: z.null(),
  })
  .openapi('PlanCurve');

export const ReportListSchema = z
  .object({
    items: z.array(
      z.object({
        task: z.string(),
        day: DayText,
        done: z.number().int(),
        note: z.string().nullable(),
        by: z.string(),
        at: Time,
        version: z.number().int(),
      }),
    ),
    next: z.null(),
  })
  .openapi('PlanReportList');

export const DECISION_KINDS = [
  'latePlan',
  'lateNeed',
  'unclaimedNeed',
  'missingConference',
  'lateResolution',
  'endingTerm',
  'endingAgreement',
] as const;
export type DecisionKind = (typeof DECISION_KINDS)[number];
export const DecisionSchema = z
  .object({
    kind: z.enum(DECISION_KINDS),
    code: z.string(),
    place: PlaceCode,
    nameZh: z.string(),
    nameEn: z.string(),
    dueOn: DayText.nullable(),
    daysLate: z.number().int().openapi({ description: 'Days since `dueOn`; below zero: days to it; 0 where there is none' }),
    figure: z.number().nullable().openapi({ description: 'Points behind for a plan, what is left over for a need' }),
  })
  .openapi('PlanDecision');
export type Decision = z.infer<typeof DecisionSchema>;
export const DecisionListSchema = z.object({ items: z.array(DecisionSchema), next: z.null() }).openapi('PlanDecisionList');

export const NewPlanItemSchema = z.object({
  code: Code,
  parent: Code.nullable(),
  level: z.enum(PLAN_LEVELS),
  place: PlaceCode,
  ownerUnit: Line(80),
  nameZh: Line(100),
  nameEn: Line(200),
  starts: DayText,
  ends: DayText,
  measureZh: Line(40),
  measureEn: Line(80),
  target: z.number().int().min(1).max(1_000_000),
});
export const ProgressSchema = z.object({
  done: z.number().int().min(0).max(1_000_000).openapi({ description: 'Reached by now, all in all' }),
  note: Line(500).optional(),
  expectedVersion: z.number().int().optional(),
});

export function planToWire(item: KeptPlanItem, actor: Actor, today: string) {
  const { state: kept, ...same } = item;
  const { plannedPercent, actualPercent, gap, standing } = standOf(item, today);
  const may = item.level === 'task' && verbsFor(PLAN_LAW, kept, planParts(actor, item)).includes('report');
  return { ...same, plannedPercent, actualPercent, gap, state: standing, mayReport: may };
}

export function reportToWire({ plan, by, ...report }: PlanReport, actor: Actor) {
  return { ...report, task: plan, by: accountAsTold(by, actor) };
}
