/** The tables of projects, their tasks and activities that a file can fill. */
import type { Kysely } from 'kysely';
import type { Schema } from '../../db/schema.ts';
import { ACTIVITY_LAW } from '../chain/activity.ts';
import { PROJECT_LAW, TASK_LAW } from '../chain/project.ts';
import { tablesBeside } from './importer.ts';
import { loadActivities, loadProjects, loadProjectTasks } from './load-projects.ts';
import {
  ActivityRow,
  checkActivityRows,
  checkProjectRows,
  checkProjectTaskRows,
  type KnownProjects,
  ProjectRow,
  ProjectTaskRow,
} from './project-rows.ts';

async function knownProjects(tx: Kysely<Schema>, district: number): Promise<KnownProjects> {
  const committees = await tx
    .selectFrom('committee')
    .select('code')
    .where('district', '=', district)
    .where('state', '=', 'active')
    .execute();
  const members = await tx.selectFrom('member').select(['code', 'committee']).where('district', '=', district).execute();
  const projects = await tx
    .selectFrom('project')
    .select(['code', 'committee', 'starts', 'ends'])
    .where('district', '=', district)
    .where('state', '=', 'listed')
    .execute();
  return {
    committees: new Set(committees.map((row) => row.code)),
    members: new Map(members.map((row) => [row.code, row.committee])),
    projects: new Map(projects.map((row) => [row.code, row])),
  };
}

const table = tablesBeside(knownProjects);

/** In the order in which they need one another. */
export const PROJECT_IMPORTS = {
  projects: table<ProjectRow>(PROJECT_LAW.kind, ProjectRow, checkProjectRows, loadProjects),
  project_tasks: table<ProjectTaskRow>(TASK_LAW.kind, ProjectTaskRow, checkProjectTaskRows, loadProjectTasks),
  activities: table<ActivityRow>(ACTIVITY_LAW.kind, ActivityRow, checkActivityRows, loadActivities),
} as const;
