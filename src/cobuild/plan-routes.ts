/** 挂图作战 over HTTP: how each item stands, its curve, what is to be decided, and reports of progress. */
import { createRoute } from '@hono/zod-openapi';
import type { Reference } from '../grid/reference.ts';
import type { Actor } from '../identity/actor.ts';
import { answers, keyHeader } from '../route-parts.ts';
import { newRouter, problem } from '../router.ts';
import type { House } from './act.ts';
import { dayAt } from './chain/days.ts';
import { curveOf } from './chain/plan.ts';
import { readDecisions } from './decisions.ts';
import {
  CurveSchema,
  DecisionListSchema,
  NewPlanItemSchema,
  PlanItemSchema,
  PlanListSchema,
  planToWire,
  ProgressSchema,
  ReportListSchema,
  reportToWire,
} from './plan-wire.ts';
import { addPlanItem, dropPlanItem, reportProgress } from './plan-desk.ts';
import { maySeePlan, readCurve, readPlans } from './plans.ts';
import { answerRefusal, body, codeParam as params, keyed } from './route-frame.ts';

export interface PlanRoutesDeps {
  readonly house: House;
  readonly reference: () => Reference;
}

const tags = ['plans'];
const list = createRoute({
  method: 'get',
  path: '/plans',
  tags,
  summary: '挂图作战 Plans, phases and tasks in the scope of the caller, plan against fact today',
  responses: { 200: answers(PlanListSchema, 'By their first day') },
});
const decisions = createRoute({
  method: 'get',
  path: '/plans/decisions',
  tags,
  summary: '待定事项 What waits for somebody to decide, worst first',
  responses: { 200: answers(DecisionListSchema, 'Things to decide') },
});
const curve = createRoute({
  method: 'get',
  path: '/plans/{code}/curve',
  tags,
  summary: '进度曲线 Plan and fact day by day',
  request: { params },
  responses: { 200: answers(CurveSchema, 'From the first day to the last') },
});
const reports = createRoute({
  method: 'get',
  path: '/plans/{code}/progress',
  tags,
  summary: '进度记录 Reports of progress, oldest first',
  request: { params },
  responses: { 200: answers(ReportListSchema, 'Of the item, or of the tasks below it') },
});
const report = createRoute({
  method: 'post',
  path: '/plans/{code}/progress',
  tags,
  summary: '填进度 Report how far a task is',
  request: { params, headers: keyHeader, body: body(ProgressSchema) },
  responses: { 200: answers(PlanItemSchema, 'The task after it') },
});
const add = createRoute({
  method: 'post',
  path: '/plans',
  tags,
  summary: '加一项 Add a plan, a phase or a task',
  request: { headers: keyHeader, body: body(NewPlanItemSchema) },
  responses: { 201: answers(PlanItemSchema, 'The item') },
});
const drop = createRoute({
  method: 'delete',
  path: '/plans/{code}',
  tags,
  summary: '撤下 Take an item off the wall, with all below it',
  request: { params, headers: keyHeader },
  responses: { 204: { description: 'Taken off; its reports stay' } },
});

export function planRoutes({ house, reference }: PlanRoutesDeps) {
  const { db, district, now } = house;
  const today = () => dayAt(now());
  const visible = async (code: string, actor: Actor) => {
    const found = await readCurve(db, district, code);
    return found !== null && maySeePlan(actor, found.item) ? found : null;
  };
  return newRouter()
    .openapi(list, async (c) => {
      const items = (await readPlans(db, district)).filter((item) => maySeePlan(c.var.actor, item));
      return c.json({ items: items.map((item) => planToWire(item, c.var.actor, today())), next: null }, 200);
    })
    .openapi(decisions, async (c) => c.json({ items: await readDecisions(db, district, c.var.actor, today()), next: null }, 200))
    .openapi(curve, async (c) => {
      const found = await visible(c.req.valid('param').code, c.var.actor);
      if (found === null) return problem(c, 'not-found');
      return c.json({ items: curveOf(found.item, found.tasks, found.reports, today()), next: null }, 200);
    })
    .openapi(reports, async (c) => {
      const found = await visible(c.req.valid('param').code, c.var.actor);
      if (found === null) return problem(c, 'not-found');
      return c.json({ items: found.reports.map((one) => reportToWire(one, c.var.actor)), next: null }, 200);
    })
    .openapi(report, (c) =>
      keyed(c, c.req.valid('json'), async (asked) => {
        const answer = await reportProgress(house, asked, c.req.valid('param').code, c.req.valid('json'));
        return answer.ok ? c.json(planToWire(answer.value, c.var.actor, today()), 200) : answerRefusal(c, answer);
      }),
    )
    .openapi(add, (c) =>
      keyed(c, c.req.valid('json'), async (asked) => {
        const item = c.req.valid('json');
        const { district: whole, subdistricts, communities, units } = reference();
        if (item.starts > item.ends) return problem(c, 'invalid-body', undefined, { errors: [{ path: 'ends', message: 'before starts' }] });
        const known = item.place === String(whole.code) || subdistricts.has(item.place) || communities.has(item.place);
        if (!known) return problem(c, 'unknown-area');
        if (!units.has(item.ownerUnit)) return problem(c, 'unknown-unit');
        const answer = await addPlanItem(house, asked, item);
        return answer.ok ? c.json(planToWire(answer.value, c.var.actor, today()), 201) : answerRefusal(c, answer);
      }),
    )
    .openapi(drop, (c) =>
      keyed(c, 'drop', async (asked) => {
        const answer = await dropPlanItem(house, asked, c.req.valid('param').code);
        return answer.ok ? c.body(null, 204) : answerRefusal(c, answer);
      }),
    );
}
