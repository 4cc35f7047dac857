/** Tables of projects, their tasks and activities as a file has them: columns of `data/seed/*.csv`. Pure. */
import { z } from 'zod';
import { date, en, given, optional, optionalList, slug, time, whole, zh } from '../../grid/import/fields.ts';
import { type Finding, finding } from '../../grid/import/findings.ts';
import { doubled, type Numbered } from '../../grid/import/read-rows.ts';
import { OPEN_TO } from '../chain/activity.ts';
import { addDays } from '../chain/days.ts';
import { LINK_CODES } from '../chain/links.ts';
import type { Moving } from './people-rows.ts';
import { unknown } from './unknown.ts';

const orNull = (text: string) => text || null;
const words = optional.refine((s) => s.length <= 2_000, 'wrong-form|≤ 2000').transform(orNull);
const link = given.pipe(z.enum(LINK_CODES));

export const ProjectRow = z.object({
  code: slug,
  committee: slug,
  link,
  title_zh: zh,
  title_en: en,
  starts: date,
  ends: date,
  note_zh: words,
});
export type ProjectRow = z.output<typeof ProjectRow>;

export const ProjectTaskRow = z.object({
  code: slug,
  project: slug,
  title_zh: zh,
  title_en: en,
  due: date,
  member: optional.transform(orNull).pipe(slug.nullable()),
  percent: whole(0, 100),
  state: given.pipe(z.enum(['open', 'claimed', 'delivered', 'confirmed'])),
  note_zh: words,
});
export type ProjectTaskRow = z.output<typeof ProjectTaskRow>;

export const ActivityRow = z.object({
  code: slug,
  committee: slug,
  link,
  title_zh: zh,
  title_en: en,
  venue_zh: given.refine((s) => s.length <= 200, 'wrong-form|≤ 200'),
  members: optionalList,
  held_on: date,
  begins: time,
  ends: time,
  capacity: whole(1, 100_000),
  open_to: given.pipe(z.enum(OPEN_TO)),
  state: given.pipe(z.enum(['announced', 'held'])),
  note_zh: words,
  outcome_zh: words,
});
export type ActivityRow = z.output<typeof ActivityRow>;

/** What the district has, besides the file. */
export interface KnownProjects {
  readonly committees: ReadonlySet<string>;
  /** Member → its committee. */
  readonly members: ReadonlyMap<string, string>;
  /** Projects that run. */
  readonly projects: ReadonlyMap<string, Pick<ProjectRow, 'committee' | 'starts' | 'ends'>>;
}

const backwards = (number: number, column: string, from: string, to: string) =>
  finding(number, column, 'term-order', { value: `${from}–${to}` });

export function checkProjectRows(rows: readonly Numbered<ProjectRow>[], known: KnownProjects): Finding[] {
  const found = doubled(rows, 'code', (row) => row.code);
  for (const { number, value } of rows) {
    if (!known.committees.has(value.committee)) found.push(unknown(number, 'committee', value.committee, 'committees'));
    if (value.starts > value.ends) found.push(backwards(number, 'ends', value.starts, value.ends));
  }
  return found;
}

/** Days of the file move; those of projects that are there have. */
export function checkProjectTaskRows(rows: readonly Numbered<ProjectTaskRow>[], known: KnownProjects, { shiftDays }: Moving): Finding[] {
  const found = doubled(rows, 'code', (row) => row.code);
  for (const { number, value } of rows) {
    const project = known.projects.get(value.project);
    if (project === undefined) {
      found.push(unknown(number, 'project', value.project, 'projects'));
      continue;
    }
    const due = addDays(value.due, shiftDays);
    if (due < project.starts || due > project.ends) found.push(backwards(number, 'due', project.starts, project.ends));
    const open = value.state === 'open';
    if (!open && value.member === null) found.push(finding(number, 'member', 'empty'));
    if (open && value.member !== null) found.push(finding(number, 'state', 'not-allowed-value', { value: 'open', expected: 'claimed' }));
    if (value.member !== null && known.members.get(value.member) !== project.committee) {
      found.push(unknown(number, 'member', value.member, 'members', project.committee));
    }
    // What is confirmed is whole, and what is not is not.
    const most = open ? 0 : value.state === 'claimed' ? 99 : 100;
    if (value.percent > most) found.push(finding(number, 'percent', 'not-a-number', { value: value.percent, expected: `0–${most}` }));
  }
  return found;
}

export function checkActivityRows(rows: readonly Numbered<ActivityRow>[], known: KnownProjects, { shiftDays, today }: Moving): Finding[] {
  const found = doubled(rows, 'code', (row) => row.code);
  for (const { number, value } of rows) {
    if (!known.committees.has(value.committee)) found.push(unknown(number, 'committee', value.committee, 'committees'));
    if (value.begins >= value.ends) found.push(backwards(number, 'ends', value.begins, value.ends));
    for (const member of value.members) {
      if (known.members.get(member) !== value.committee) found.push(unknown(number, 'members', member, 'members', value.committee));
    }
    const held = value.state === 'held';
    if (held && value.outcome_zh === null) found.push(finding(number, 'outcome_zh', 'empty'));
    if (held && addDays(value.held_on, shiftDays) > today) {
      found.push(finding(number, 'state', 'not-allowed-value', { value: 'held', expected: 'announced' }));
    }
  }
  return found;
}
