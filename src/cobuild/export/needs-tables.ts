/** What of plans, needs, resources, projects, activities and appraisals can be taken out as a table, by scope. */
import { districtTime } from '../../csv.ts';
import { appraisalsForExport, type ExportedAppraisal } from '../appraisal-export.ts';
import { listActivities, type Activity } from '../activities.ts';
import { ACTIVITY_LAW } from '../chain/activity.ts';
import { BOOKING_LAW } from '../chain/booking.ts';
import { dayAt } from '../chain/days.ts';
import { CLAIM_LAW, leftOver, standingOf } from '../chain/need.ts';
import { standOf, STANDINGS } from '../chain/plan.ts';
import { PROJECT_LAW, projectPercent } from '../chain/project.ts';
import { stateRow } from '../chain/table.ts';
import { listNeeds, type NamedClaim, type Need } from '../needs.ts';
import { maySeePlan, readPlans, type KeptPlanItem } from '../plans.ts';
import { listProjects, type ProjectWithTasks } from '../projects.ts';
import { readBookings, type Booking } from '../bookings.ts';
import { listResources, type NamedResource } from '../resources.ts';
import { HEADINGS } from '../import/headings.ts';
import type { TableExport } from './people-tables.ts';
import { columnsOf, type Language } from './sheet.ts';

/** More needs than a district has in years. */
const MOST = 100_000;
const either = (zh: string, en: string | null, language: Language) => (language === 'zh-CN' ? zh : (en ?? zh));
const STANDING_WORDS = {
  open: ['待认领', 'open'],
  partClaimed: ['部分认领', 'claimed in part'],
  claimed: ['已认领', 'claimed'],
  confirmed: ['已办结', 'confirmed'],
  withdrawn: ['已撤回', 'withdrawn'],
  closed: ['随事件结束', 'closed with its incident'],
} as const;
const PLAN_WORDS = {
  notStarted: ['未开始', 'not started'],
  onTrack: ['正常', 'on track'],
  late: ['滞后', 'late'],
  done: ['已完成', 'done'],
} as const satisfies Record<(typeof STANDINGS)[number], readonly [string, string]>;
const word = (pair: readonly [string, string], language: Language) => pair[language === 'zh-CN' ? 0 : 1];
const code = { zh: '编码', en: 'Code', of: (row: { readonly code: string }) => row.code };
const place = { zh: '区域', en: 'Place', of: (row: { readonly place: string }) => row.place };

const needs: TableExport<Need> = {
  columns: [
    ...columnsOf<Need>('needs', {
      code: (row) => row.code,
      committee: (row) => row.committee,
      link: (row) => row.link,
      title_zh: { of: (row) => row.titleZh, width: 40 },
      title_en: { of: (row) => row.titleEn, width: 40 },
      quantity: (row) => row.quantity,
      unit_zh: (row) => row.unitZh,
      unit_en: (row) => row.unitEn,
      published: (row) => row.publishedOn,
      due: (row) => row.due,
      from_category: (row) => row.fromCategory,
    }),
    place,
    { zh: '已认领', en: 'Claimed', of: (row) => row.claimed },
    { zh: '已确认', en: 'Confirmed', of: (row) => row.confirmed },
    { zh: '还差', en: 'Left', of: leftOver },
    { zh: '状态', en: 'State', of: (row, language) => word(STANDING_WORDS[standingOf(row)], language) },
  ],
  rows: async (db, _district, actor) => (await listNeeds(db, actor, { limit: MOST })).map(({ need }) => need),
};

const claims: TableExport<NamedClaim> = {
  columns: [
    ...columnsOf<NamedClaim>('claims', { code: (row) => row.code, need: (row) => row.need }),
    { zh: '认领单位', en: 'Body', of: (row, language) => either(row.orgZh, row.orgEn, language), width: 30 },
    ...columnsOf<NamedClaim>('claims', {
      member: (row) => row.member,
      quantity: (row) => row.quantity,
      claimed_on: (row) => row.claimedOn,
      due: (row) => row.due,
    }),
    { ...HEADINGS.claims.state, of: (row, language) => stateRow(CLAIM_LAW, row.state)[language === 'zh-CN' ? 'zh' : 'en'] },
    { zh: '服务情况', en: 'Delivery', of: (row) => row.delivery, width: 40 },
    { zh: '评分', en: 'Score', of: (row) => row.score },
  ],
  rows: async (db, _district, actor) => (await listNeeds(db, actor, { limit: MOST })).flatMap(({ claims: own }) => own),
};

const resources: TableExport<NamedResource> = {
  columns: [
    ...columnsOf<NamedResource>('resources', { code: (row) => row.code, member: (row) => row.member }),
    { zh: '单位', en: 'Body', of: (row, language) => either(row.orgZh, row.orgEn, language), width: 30 },
    ...columnsOf<NamedResource>('resources', {
      kind: (row) => row.kind,
      name_zh: { of: (row) => row.nameZh, width: 30 },
      name_en: { of: (row) => row.nameEn, width: 30 },
      quantity: (row) => row.quantity,
      unit_zh: (row) => row.unitZh,
      unit_en: (row) => row.unitEn,
      hours: (row) => row.hours,
      notice_minutes: (row) => row.noticeMinutes,
      community: (row) => row.community,
      lng: (row) => row.position.lng,
      lat: (row) => row.position.lat,
      callable: (row) => (row.callable ? '1' : '0'),
      stands_for_type: (row) => row.standsForType,
      condition_zh: { of: (row) => row.conditionZh, width: 30 },
      condition_en: { of: (row) => row.conditionEn, width: 30 },
    }),
  ],
  rows: (db, _district, actor) => listResources(db, actor, {}),
};

const bookings: TableExport<Booking> = {
  columns: [
    code,
    { zh: '资源', en: 'Resource', of: (row) => row.resource },
    { zh: '数量', en: 'Quantity', of: (row) => row.quantity },
    { zh: '起', en: 'From', of: (row) => districtTime(row.from) },
    { zh: '止', en: 'Until', of: (row) => districtTime(row.until) },
    { zh: '借用方', en: 'Asked by', of: (row) => row.place },
    { zh: '用途', en: 'Purpose', of: (row) => row.purpose, width: 40 },
    { zh: '状态', en: 'State', of: (row, language) => stateRow(BOOKING_LAW, row.state)[language === 'zh-CN' ? 'zh' : 'en'] },
  ],
  rows: async (db, district, actor) => {
    const seen = new Set((await listResources(db, actor, {})).map((resource) => resource.code));
    return seen.size === 0 ? [] : readBookings(db, district, { resources: [...seen] });
  },
};

const plans: TableExport<KeptPlanItem & { readonly today: string }> = {
  columns: [
    ...columnsOf<KeptPlanItem>('plans', {
      code: (row) => row.code,
      parent: (row) => row.parent ?? 'none',
      level: (row) => row.level,
      place: (row) => row.place,
      name_zh: { of: (row) => row.nameZh, width: 40 },
      name_en: { of: (row) => row.nameEn, width: 40 },
      owner_unit: { of: (row) => row.ownerUnit, width: 28 },
      starts: (row) => row.starts,
      ends: (row) => row.ends,
      measure_zh: (row) => row.measureZh,
      measure_en: (row) => row.measureEn,
      target: (row) => row.target,
      done: (row) => row.done,
    }),
    { zh: '应完成 %', en: 'Planned %', of: (row) => standOf(row, row.today).plannedPercent },
    { zh: '实际 %', en: 'Actual %', of: (row) => standOf(row, row.today).actualPercent },
    { zh: '状态', en: 'State', of: (row, language) => word(PLAN_WORDS[standOf(row, row.today).standing], language) },
  ],
  rows: async (db, district, actor, now) =>
    (await readPlans(db, district)).filter((item) => maySeePlan(actor, item)).map((item) => ({ ...item, today: dayAt(now) })),
};

const projects: TableExport<ProjectWithTasks> = {
  columns: [
    ...columnsOf<ProjectWithTasks>('projects', {
      code: (row) => row.project.code,
      committee: (row) => row.project.committee,
      link: (row) => row.project.link,
      title_zh: { of: (row) => row.project.titleZh, width: 40 },
      title_en: { of: (row) => row.project.titleEn, width: 40 },
      starts: (row) => row.project.starts,
      ends: (row) => row.project.ends,
      note_zh: { of: (row) => row.project.note, width: 40 },
    }),
    { zh: '区域', en: 'Place', of: (row) => row.project.place },
    { zh: '任务', en: 'Tasks', of: (row) => row.tasks.length },
    { zh: '进度 %', en: 'Done %', of: (row) => projectPercent(row.tasks) },
    { zh: '状态', en: 'State', of: (row, language) => stateRow(PROJECT_LAW, row.project.state)[language === 'zh-CN' ? 'zh' : 'en'] },
  ],
  rows: (db, _district, actor) => listProjects(db, actor),
};

const activities: TableExport<Activity> = {
  columns: [
    ...columnsOf<Activity>('activities', {
      code: (row) => row.code,
      committee: (row) => row.committee,
      link: (row) => row.link,
      title_zh: { of: (row) => row.titleZh, width: 40 },
      title_en: { of: (row) => row.titleEn, width: 40 },
      venue_zh: { of: (row) => row.venue, width: 30 },
      members: (row) => row.members,
      held_on: (row) => dayAt(new Date(row.startsAt)),
      begins: (row) => districtTime(new Date(row.startsAt)).slice(11),
      ends: (row) => districtTime(new Date(row.endsAt)).slice(11),
      capacity: (row) => row.capacity,
      open_to: (row) => row.openTo,
    }),
    { ...HEADINGS.activities.state, of: (row, language) => stateRow(ACTIVITY_LAW, row.state)[language === 'zh-CN' ? 'zh' : 'en'] },
    ...columnsOf<Activity>('activities', {
      note_zh: { of: (row) => row.note, width: 40 },
      outcome_zh: { of: (row) => row.outcome, width: 40 },
    }),
    place,
    { zh: '报名', en: 'Signed up', of: (row) => row.taken },
  ],
  rows: (db, _district, actor) => listActivities(db, actor, new Date(0)),
};

const appraisals: TableExport<ExportedAppraisal> = {
  columns: [
    { zh: '季度', en: 'Quarter', of: (row) => row.quarter },
    { zh: '单位', en: 'Body', of: (row, language) => either(row.orgZh, row.orgEn, language), width: 30 },
    place,
    { zh: '评单位', en: 'Of the body', of: (row) => row.ofUnit },
    { zh: '评委员会', en: 'Of the committee', of: (row) => row.ofCommittee },
    { zh: '到期认领', en: 'Claims due', of: (row) => row.facts.claimsDue },
    { zh: '按期兑现', en: 'Claims kept', of: (row) => row.facts.claimsKept },
    { zh: '出动', en: 'Sent', of: (row) => row.facts.sent },
    { zh: '按时签收', en: 'In time', of: (row) => row.facts.inTime },
    { zh: '服务时数', en: 'Hours given', of: (row) => row.facts.hours },
  ],
  rows: appraisalsForExport,
};

export const NEEDS_EXPORTS = { plans, needs, claims, resources, bookings, projects, activities, appraisals } as const;
