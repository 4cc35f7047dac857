/** 动态项目清单 over HTTP. */
import { createRoute, z } from '@hono/zod-openapi';
import { v5 } from 'uuid';
import type { Actor } from '../identity/actor.ts';
import { answers, keyHeader } from '../route-parts.ts';
import { newRouter, problem } from '../router.ts';
import type { House } from './act.ts';
import { dayAt } from './chain/days.ts';
import { PROJECT_LAW, PROJECT_STATES, projectPercent, TASK_LAW, TASK_STATES, type ProjectState, type TaskState } from './chain/project.ts';
import { maySeePlace, partsAt } from './chain/scope.ts';
import { verbsFor, type Part } from './chain/table.ts';
import { memberOf, type MemberAt } from './members.ts';
import { LinkSchema } from './need-wire.ts';
import { listProject, moveProject, moveTask } from './project-desk.ts';
import { findProject, listProjects, type ProjectWithTasks } from './projects.ts';
import {
  answerRefusal,
  body,
  Code,
  codeParam,
  DayText,
  keyed,
  Line,
  Lines,
  list as listOf,
  MoveSchema,
  movesOf,
  Time,
  Version,
} from './route-frame.ts';

const STATES = PROJECT_STATES.map((state) => state.name) as [ProjectState, ...ProjectState[]];
const TASK_STATE_NAMES = TASK_STATES.map((state) => state.name) as [TaskState, ...TaskState[]];

const TaskSchema = z
  .object({
    code: z.string(),
    project: z.string(),
    titleZh: z.string(),
    titleEn: z.string().nullable(),
    due: DayText,
    overdue: z.boolean(),
    member: z.string().nullable(),
    percent: z.number().int(),
    note: z.string().nullable(),
    photos: z.array(z.string()),
    reason: z.string().nullable(),
    deliveredAt: Time.nullable(),
    state: z.enum(TASK_STATE_NAMES),
    version: z.number().int(),
    may: z.array(z.string()),
  })
  .openapi('ProjectTask');
export const ProjectSchema = z
  .object({
    code: z.string(),
    committee: z.string(),
    place: z.string(),
    link: LinkSchema,
    titleZh: z.string(),
    titleEn: z.string().nullable(),
    note: z.string().nullable(),
    starts: DayText,
    ends: DayText,
    outcome: z.string().nullable(),
    state: z.enum(STATES),
    percent: z.number().int().openapi({ description: 'Done: the mean of its tasks' }),
    version: z.number().int(),
    tasks: z.array(TaskSchema),
    may: z.array(z.string()),
  })
  .openapi('Project');

const NewTaskSchema = z.object({ titleZh: Line(60), titleEn: Line(120).optional(), due: DayText });
const NewProjectSchema = z
  .object({
    committee: Code,
    link: LinkSchema,
    titleZh: Line(60),
    titleEn: Line(120).optional(),
    note: Lines(2000).optional(),
    starts: DayText,
    ends: DayText,
    tasks: z.array(NewTaskSchema).min(1).max(50),
  })
  .refine(({ starts, ends }) => starts <= ends, { path: ['ends'], message: 'before starts' });
const ProjectMoveSchema = z.discriminatedUnion('verb', [
  z.object({ verb: z.literal('finish'), outcome: Lines(2000).min(1), expectedVersion: Version }),
  z.object({ verb: z.literal('drop'), outcome: Lines(2000).min(1), expectedVersion: Version }),
  NewTaskSchema.extend({ verb: z.literal('addTask'), expectedVersion: Version }),
]);
const reason = Lines(500).min(1);
const TaskMoveSchema = z.discriminatedUnion('verb', [
  z.object({ verb: z.literal('claim'), expectedVersion: Version }),
  z.object({ verb: z.literal('report'), percent: z.number().int().min(0).max(99), note: Lines(2000).optional(), expectedVersion: Version }),
  z.object({
    verb: z.literal('deliver'),
    note: Lines(2000).min(1),
    photos: z.array(z.uuid().toLowerCase()).max(9).optional(),
    expectedVersion: Version,
  }),
  z.object({ verb: z.literal('confirm'), expectedVersion: Version }),
  z.object({ verb: z.literal('sendBack'), reason, expectedVersion: Version }),
  z.object({ verb: z.literal('giveBack'), reason, expectedVersion: Version }),
  z.object({ verb: z.literal('drop'), reason, expectedVersion: Version }),
]);

const tags = ['projects'];
const list = createRoute({
  method: 'get',
  path: '/projects',
  tags,
  summary: '动态项目清单 Projects in the scope of the caller, with their tasks',
  responses: { 200: answers(listOf(ProjectSchema).openapi('ProjectList'), 'By their last day') },
});
const add = createRoute({
  method: 'post',
  path: '/projects',
  tags,
  summary: '列项 List a project with its tasks',
  request: { headers: keyHeader, body: body(NewProjectSchema) },
  responses: { 201: answers(ProjectSchema, 'The project; members are told') },
});
const move = createRoute({
  method: 'post',
  path: '/projects/{code}/moves',
  tags,
  summary: '加任务、办结、撤销 Add a task, finish, drop',
  request: { params: codeParam, headers: keyHeader, body: body(ProjectMoveSchema) },
  responses: { 200: answers(ProjectSchema, 'The project after it') },
});
const moveOne = createRoute({
  method: 'post',
  path: '/project-tasks/{code}/moves',
  tags,
  summary: '认领、报进度、交付、确认 Take on, report, deliver, confirm a task',
  request: { params: codeParam, headers: keyHeader, body: body(TaskMoveSchema) },
  responses: { 200: answers(ProjectSchema, 'The project with the task after it') },
});
const moves = createRoute({
  method: 'get',
  path: '/projects/{code}/moves',
  tags,
  summary: '办理记录 The log of a project and its tasks',
  request: { params: codeParam },
  responses: { 200: answers(listOf(MoveSchema), 'Oldest first') },
});

/** Namespace of the codes of a project's first tasks; made once, for this only. */
const TASK_CODES = '7d0f0c4f-5b5c-5a56-8c0f-2a4b0c1f9e61';

export function projectRoutes(house: House) {
  const { db, district, now } = house;
  const wire = ({ project, tasks }: ProjectWithTasks, actor: Actor, member: MemberAt | null) => {
    const parts = partsAt(actor, project.place);
    const today = dayAt(now());
    const shown = tasks.map((task) => {
      const own: Set<Part> = new Set(parts);
      if (member?.active && member.committee === project.committee) own.add('member');
      if (member?.active && member.code === task.member) own.add('owner');
      const overdue = task.due < today && (task.state === 'open' || task.state === 'claimed');
      return { ...task, photos: [...task.photos], overdue, may: project.state === 'listed' ? verbsFor(TASK_LAW, task.state, own) : [] };
    });
    const may: string[] = verbsFor(PROJECT_LAW, project.state, parts);
    if (project.state === 'listed' && verbsFor(TASK_LAW, 'none', parts).length > 0) may.push('addTask');
    return { ...project, percent: projectPercent(tasks), tasks: shown, may };
  };
  const one = async (code: string, actor: Actor) => wire((await findProject(db, district, code))!, actor, await memberOf(db, actor, now()));

  return newRouter()
    .openapi(list, async (c) => {
      const member = await memberOf(db, c.var.actor, now());
      const found = await listProjects(db, c.var.actor);
      return c.json({ items: found.map((project) => wire(project, c.var.actor, member)), next: null }, 200);
    })
    .openapi(add, (c) =>
      keyed(c, c.req.valid('json'), async (asked) => {
        const { tasks, ...wanted } = c.req.valid('json');
        const coded = tasks.map((task, n) => ({ ...task, code: v5(`${asked.key} ${n}`, TASK_CODES) }));
        const answer = await listProject(house, asked, { ...wanted, tasks: coded, code: asked.key });
        return answer.ok ? c.json(await one(answer.value.code, c.var.actor), 201) : answerRefusal(c, answer);
      }),
    )
    .openapi(move, (c) =>
      keyed(c, c.req.valid('json'), async (asked) => {
        const command = c.req.valid('json');
        const coded = command.verb === 'addTask' ? { ...command, code: asked.key } : command;
        const answer = await moveProject(house, asked, c.req.valid('param').code, coded);
        return answer.ok ? c.json(await one(answer.value.code, c.var.actor), 200) : answerRefusal(c, answer);
      }),
    )
    .openapi(moveOne, (c) =>
      keyed(c, c.req.valid('json'), async (asked) => {
        const answer = await moveTask(house, asked, c.req.valid('param').code, c.req.valid('json'));
        return answer.ok ? c.json(await one(answer.value.project, c.var.actor), 200) : answerRefusal(c, answer);
      }),
    )
    .openapi(moves, async (c) => {
      const found = await findProject(db, district, c.req.valid('param').code);
      if (found === null || !maySeePlace(c.var.actor, found.project.place)) return problem(c, 'not-found');
      const logs = await Promise.all([
        movesOf(house, PROJECT_LAW, found.project.code, c.var.actor),
        ...found.tasks.map((task) => movesOf(house, TASK_LAW, task.code, c.var.actor)),
      ]);
      return c.json({ items: logs.flat().sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)), next: null }, 200);
    });
}
