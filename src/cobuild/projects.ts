/** 动态项目清单 read: projects with their tasks. */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { ProjectTable, ProjectTaskTable } from '../db/tables/activities.ts';
import type { Actor } from '../identity/actor.ts';
import type { Link } from './chain/links.ts';
import type { ProjectState, TaskState } from './chain/project.ts';
import { seesPlace } from './place-filter.ts';

export interface Project {
  readonly code: string;
  readonly committee: string;
  readonly place: string;
  readonly link: Link;
  readonly titleZh: string;
  readonly titleEn: string | null;
  readonly note: string | null;
  readonly starts: string;
  readonly ends: string;
  readonly outcome: string | null;
  readonly state: ProjectState;
  readonly version: number;
}

export interface ProjectTask {
  readonly code: string;
  readonly project: string;
  readonly titleZh: string;
  readonly titleEn: string | null;
  readonly due: string;
  readonly member: string | null;
  readonly percent: number;
  readonly note: string | null;
  readonly photos: readonly string[];
  readonly reason: string | null;
  readonly deliveredAt: string | null;
  readonly state: TaskState;
  readonly version: number;
}

export interface ProjectWithTasks {
  readonly project: Project;
  /** By their day. */
  readonly tasks: readonly ProjectTask[];
}

/** Those whose place the actor sees, by their last day. */
export async function listProjects(db: Kysely<Schema>, actor: Actor): Promise<ProjectWithTasks[]> {
  const rows = await db
    .selectFrom('project')
    .selectAll()
    .where('district', '=', actor.district)
    .where(seesPlace(actor, sql.ref('project.place')))
    .orderBy('ends')
    .orderBy('code')
    .execute();
  return withTasks(db, actor.district, rows.map(projectFrom));
}

export async function findProject(db: Kysely<Schema>, district: number, code: string): Promise<ProjectWithTasks | null> {
  const row = await db.selectFrom('project').selectAll().where('district', '=', district).where('code', '=', code).executeTakeFirst();
  return row === undefined ? null : ((await withTasks(db, district, [projectFrom(row)]))[0] ?? null);
}

async function withTasks(db: Kysely<Schema>, district: number, projects: readonly Project[]): Promise<ProjectWithTasks[]> {
  if (projects.length === 0) return [];
  const rows = await db
    .selectFrom('project_task')
    .selectAll()
    .where('district', '=', district)
    .where(
      'project',
      'in',
      projects.map((project) => project.code),
    )
    .orderBy('due')
    .orderBy('code')
    .execute();
  const tasks = rows.map(taskFrom);
  return projects.map((project) => ({ project, tasks: tasks.filter((task) => task.project === project.code) }));
}

/** Locked to the end of the transaction: what changes in one project comes one after the other. */
export async function lockProject(tx: Kysely<Schema>, district: number, code: string): Promise<ProjectWithTasks | null> {
  const row = await tx
    .selectFrom('project')
    .selectAll()
    .where('district', '=', district)
    .where('code', '=', code)
    .forUpdate()
    .executeTakeFirst();
  return row === undefined ? null : ((await withTasks(tx, district, [projectFrom(row)]))[0] ?? null);
}

export async function projectOfTask(db: Kysely<Schema>, district: number, task: string): Promise<string | null> {
  const row = await db
    .selectFrom('project_task')
    .select('project')
    .where('district', '=', district)
    .where('code', '=', task)
    .executeTakeFirst();
  return row?.project ?? null;
}

export function projectFrom(row: Selectable<ProjectTable>): Project {
  return {
    code: row.code,
    committee: row.committee,
    place: row.place,
    link: row.link,
    titleZh: row.title_zh,
    titleEn: row.title_en,
    note: row.note,
    starts: row.starts,
    ends: row.ends,
    outcome: row.outcome,
    state: row.state,
    version: row.version,
  };
}

export function taskFrom(row: Selectable<ProjectTaskTable>): ProjectTask {
  return {
    code: row.code,
    project: row.project,
    titleZh: row.title_zh,
    titleEn: row.title_en,
    due: row.due,
    member: row.member,
    percent: row.percent,
    note: row.note,
    photos: row.photos,
    reason: row.reason,
    deliveredAt: row.delivered_at?.toISOString() ?? null,
    state: row.state,
    version: row.version,
  };
}
