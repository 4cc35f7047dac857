/** 动态项目清单 changed: projects listed and ended, tasks added, taken on, reported, delivered, confirmed. */
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Actor } from '../identity/actor.ts';
import { act, type Asked, type Done, type House } from './act.ts';
import { isOpenTo } from './chain/committee.ts';
import { dayAt } from './chain/days.ts';
import type { Link } from './chain/links.ts';
import type { Telling, Told } from './chain/notices.ts';
import { mayFinish, PROJECT_LAW, TASK_LAW } from './chain/project.ts';
import { reach, staleFor } from './chain/reach.ts';
import { refused, type CobuildAnswer } from './chain/refusals.ts';
import { maySeePlace, memberCode, officeInbox, partsAt } from './chain/scope.ts';
import { permit, type Part } from './chain/table.ts';
import { findCommittee } from './committees.ts';
import type { Log } from './log.ts';
import { appointedTo, memberAt } from './members.ts';
import { bindProof } from './proof.ts';
import { lockProject, projectFrom, projectOfTask, taskFrom, type Project, type ProjectTask } from './projects.ts';

export interface NewTask {
  readonly code: string;
  readonly titleZh: string;
  readonly titleEn?: string | undefined;
  readonly due: string;
}

export interface NewProject {
  /** Made by whoever asks: the request's key. */
  readonly code: string;
  readonly committee: string;
  readonly link: Link;
  readonly titleZh: string;
  readonly titleEn?: string | undefined;
  readonly note?: string | undefined;
  readonly starts: string;
  readonly ends: string;
  readonly tasks: readonly NewTask[];
}

export function listProject(house: House, asked: Asked, wanted: NewProject): Promise<CobuildAnswer<Project>> {
  const { district } = house;
  return act(house, asked, async (tx, now, log): Promise<Done<Project>> => {
    const committee = await findCommittee(tx, district, wanted.committee);
    if (!isOpenTo(committee, asked.actor)) return refused('unknown-committee');
    const permitted = permit(PROJECT_LAW, 'none', 'list', partsAt(asked.actor, committee.place));
    if (!permitted.ok) return permitted;
    if (wanted.ends < dayAt(now)) return refused('date-in-past');
    if (wanted.tasks.some((task) => !isWithin(task, wanted))) return refused('task-outside-project');
    const { code, link, titleZh, titleEn = null, note = null, starts, ends } = wanted;
    const row = await tx
      .insertInto('project')
      .values({
        district,
        code,
        committee: committee.code,
        place: committee.place,
        link,
        title_zh: titleZh,
        title_en: titleEn,
        note,
        starts,
        ends,
        outcome: null,
        made_by: asked.actor.account,
        state: permitted.move.to,
        version: 1,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    const project = projectFrom(row);
    await log(PROJECT_LAW, project, { verb: 'list', from: 'none' });
    for (const task of wanted.tasks) await addTaskRow(tx, district, project, task, log);
    const told = (await appointedTo(tx, district, committee.code)).map((member): Told => `member:${member}`);
    const about = { kind: 'project', code, place: project.place, dueOn: ends };
    return { ok: true, value: project, tells: [{ key: `projectListed ${code}`, recipients: told, notice: 'projectListed', about }] };
  });
}

const isWithin = ({ due }: Pick<NewTask, 'due'>, { starts, ends }: Pick<Project, 'starts' | 'ends'>) => starts <= due && due <= ends;

async function addTaskRow(tx: Kysely<Schema>, district: number, project: Project, task: NewTask, log: Log): Promise<void> {
  const { code, titleZh, titleEn = null, due } = task;
  const words = { title_zh: titleZh, title_en: titleEn };
  await tx
    .insertInto('project_task')
    .values({
      district,
      code,
      project: project.code,
      ...words,
      due,
      member: null,
      note: null,
      reason: null,
      delivered_at: null,
      state: 'open',
      version: 1,
    })
    .execute();
  const payload = { project: project.code, due };
  await log(TASK_LAW, { code, version: 1, state: 'open' }, { verb: 'add', from: 'none', payload });
}

export type ProjectCommand =
  | { readonly verb: 'finish'; readonly outcome: string }
  | { readonly verb: 'drop'; readonly outcome: string }
  | ({ readonly verb: 'addTask' } & NewTask);

/** Ends a project, or adds a task to it. */
export function moveProject(
  house: House,
  asked: Asked,
  code: string,
  { expectedVersion, ...command }: ProjectCommand & { readonly expectedVersion?: number | undefined },
): Promise<CobuildAnswer<Project>> {
  const { district } = house;
  return act(house, asked, async (tx, now, log): Promise<Done<Project>> => {
    const found = await lockProject(tx, district, code);
    if (found === null) return refused('not-found');
    const reached = reach(found.project, asked.actor, expectedVersion);
    if (!reached.ok) return reached;
    const { project, tasks } = found;
    const parts = partsAt(asked.actor, project.place);
    if (command.verb === 'addTask') {
      if (project.state !== 'listed') return refused('no-such-move');
      const permitted = permit(TASK_LAW, 'none', 'add', parts);
      if (!permitted.ok) return permitted;
      if (!isWithin(command, project) || command.due < dayAt(now)) return refused('task-outside-project');
      await addTaskRow(tx, district, project, command, log);
      return { ok: true, value: project };
    }
    const permitted = permit(PROJECT_LAW, project.state, command.verb, parts);
    if (!permitted.ok) return permitted;
    if (command.verb === 'finish' && !mayFinish(tasks)) return refused('project-tasks-open');
    const row = await tx
      .updateTable('project')
      .set({ state: permitted.move.to, outcome: command.outcome, version: project.version + 1 })
      .where('district', '=', district)
      .where('code', '=', code)
      .returningAll()
      .executeTakeFirstOrThrow();
    const value = projectFrom(row);
    await log(PROJECT_LAW, value, { verb: command.verb, from: project.state, payload: { outcome: command.outcome } });
    return { ok: true, value };
  });
}

export type TaskCommand =
  | { readonly verb: 'claim' | 'confirm' }
  | { readonly verb: 'report'; readonly percent: number; readonly note?: string | undefined }
  | { readonly verb: 'deliver'; readonly note: string; readonly photos?: readonly string[] | undefined }
  | { readonly verb: 'giveBack' | 'sendBack' | 'drop'; readonly reason: string };

export function moveTask(
  house: House,
  asked: Asked,
  code: string,
  { expectedVersion, ...command }: TaskCommand & { readonly expectedVersion?: number | undefined },
): Promise<CobuildAnswer<ProjectTask>> {
  const { district } = house;
  return act(house, asked, async (tx, now, log): Promise<Done<ProjectTask>> => {
    const projectCode = await projectOfTask(tx, district, code);
    const found = projectCode === null ? null : await lockProject(tx, district, projectCode);
    const task = found?.tasks.find((one) => one.code === code);
    if (found === null || task === undefined || !maySeePlace(asked.actor, found.project.place)) return refused('not-found');
    const { project } = found;
    const stale = staleFor(task.version, expectedVersion);
    if (stale !== null) return stale;
    if (project.state !== 'listed') return refused('no-such-move');
    const parts = await taskParts(tx, district, asked.actor, project, task, now);
    const permitted = permit(TASK_LAW, task.state, command.verb, parts);
    if (!permitted.ok) return parts.has('formerMember') ? refused('member-expired') : permitted;
    const photos = command.verb === 'deliver' ? (command.photos ?? []) : [];
    const unbound = await bindProof(tx, district, TASK_LAW, { code, place: project.place, photos, account: asked.actor.account });
    if (unbound !== null) return unbound;
    const version = task.version + 1;
    const row = await tx
      .updateTable('project_task')
      .set({ ...changesOf(command, asked.actor, now), state: permitted.move.to, version })
      .where('district', '=', district)
      .where('code', '=', code)
      .returningAll()
      .executeTakeFirstOrThrow();
    const { verb, ...payload } = command;
    const value = taskFrom(row);
    await log(TASK_LAW, value, { verb, from: task.state, payload: { project: project.code, ...payload } });
    return { ok: true, value, tells: tellsOf(project, task, command.verb, version, asked.actor) };
  });
}

/** Any member in term of the committee may take a task on; the one that has is its owner. */
async function taskParts(
  tx: Kysely<Schema>,
  district: number,
  actor: Actor,
  project: Project,
  task: ProjectTask,
  now: Date,
): Promise<Set<Part>> {
  const parts: Set<Part> = partsAt(actor, project.place);
  const code = memberCode(actor);
  const member = code === null ? null : await memberAt(tx, district, code, now);
  if (member === null) return parts;
  if (!member.active) parts.add('formerMember');
  else {
    if (member.committee === project.committee) parts.add('member');
    if (task.member === member.code) parts.add('owner');
  }
  return parts;
}

function changesOf(command: TaskCommand, actor: Actor, now: Date) {
  switch (command.verb) {
    case 'claim':
      return { member: memberCode(actor), percent: 0, reason: null };
    case 'report':
      return { percent: command.percent, ...(command.note === undefined ? {} : { note: command.note }) };
    case 'deliver':
      return { note: command.note, photos: [...(command.photos ?? [])], delivered_at: now, percent: 100, reason: null };
    case 'confirm':
      return { percent: 100 };
    case 'sendBack':
      return { delivered_at: null, percent: 90, reason: command.reason };
    case 'giveBack':
      return { member: null, percent: 0, reason: command.reason };
    case 'drop':
      return { reason: command.reason };
  }
}

function tellsOf(project: Project, task: ProjectTask, verb: TaskCommand['verb'], version: number, actor: Actor): readonly Telling[] {
  const about = { kind: 'project', code: project.code, place: project.place, task: task.code, dueOn: task.due };
  const tell = (notice: Telling['notice'], recipients: readonly Told[]): Telling[] => [
    { key: `${notice} ${task.code} ${version}`, recipients, notice, about },
  ];
  const office = officeInbox(project.place);
  const owner: readonly Told[] = task.member === null ? [] : [`member:${task.member}`];
  switch (verb) {
    case 'claim':
      return tell('taskClaimed', [office]);
    case 'deliver':
      return tell('taskDelivered', [office]);
    case 'giveBack':
      return tell('taskAnswered', memberCode(actor) === task.member ? [office] : owner);
    case 'confirm':
    case 'sendBack':
    case 'drop':
      return owner.length === 0 ? [] : tell('taskAnswered', owner);
    case 'report':
      return [];
  }
}
