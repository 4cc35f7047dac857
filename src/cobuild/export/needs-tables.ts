/** What of plans, needs, resources, projects, activities and appraisals can be taken out as a table, by scope. */
import { appraisalsForExport, type ExportedAppraisal } from '../appraisal-export.ts';
import { listActivities, type Activity } from '../activities.ts';
import { ACTIVITY_LAW } from '../chain/activity.ts';
import { BOOKING_LAW, RESOURCE_KINDS } from '../chain/booking.ts';
import { dayAt } from '../chain/days.ts';
import { LINKS } from '../chain/links.ts';
import { CLAIM_LAW, leftOver, standingOf } from '../chain/need.ts';
import { standOf, STANDINGS } from '../chain/plan.ts';
import { PROJECT_LAW, projectPercent } from '../chain/project.ts';
import { stateRow } from '../chain/table.ts';
import { listNeeds, type NamedClaim, type Need } from '../needs.ts';
import { maySeePlan, readPlans, type KeptPlanItem } from '../plans.ts';
import { listProjects, type ProjectWithTasks } from '../projects.ts';
import { readBookings, type Booking } from '../bookings.ts';
import { listResources, type NamedResource } from '../resources.ts';
import type { TableExport } from './people-tables.ts';
import type { Language } from './sheet.ts';

/** More needs than a district has in years. */
const MOST = 100_000;
const LINK_WORDS = new Map<string, (typeof LINKS)[number]>(LINKS.map((link) => [link.code, link]));
const KIND_WORDS = new Map<string, (typeof RESOURCE_KINDS)[number]>(RESOURCE_KINDS.map((kind) => [kind.code, kind]));
const linkOf = ({ link }: { readonly link: string }, language: Language) => LINK_WORDS.get(link)![language === 'zh-CN' ? 'zh' : 'en'];
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
    code,
    place,
    { zh: '五联', en: 'Link', of: linkOf },
    { zh: '需求', en: 'Need', of: (row, language) => either(row.titleZh, row.titleEn, language), width: 40 },
    { zh: '数量', en: 'Quantity', of: (row) => row.quantity },
    { zh: '单位', en: 'Unit', of: (row, language) => either(row.unitZh, row.unitEn, language) },
    { zh: '已认领', en: 'Claimed', of: (row) => row.claimed },
    { zh: '已确认', en: 'Confirmed', of: (row) => row.confirmed },
    { zh: '还差', en: 'Left', of: leftOver },
    { zh: '发布', en: 'Published', of: (row) => row.publishedOn },
    { zh: '截止', en: 'Due', of: (row) => row.due },
    { zh: '状态', en: 'State', of: (row, language) => word(STANDING_WORDS[standingOf(row)], language) },
  ],
  rows: async (db, _district, actor) => (await listNeeds(db, actor, { limit: MOST })).map(({ need }) => need),
};

const claims: TableExport<NamedClaim> = {
  columns: [
    code,
    { zh: '需求', en: 'Need', of: (row) => row.need },
    { zh: '认领单位', en: 'Body', of: (row, language) => either(row.orgZh, row.orgEn, language), width: 30 },
    { zh: '数量', en: 'Quantity', of: (row) => row.quantity },
    { zh: '认领日期', en: 'Claimed on', of: (row) => row.claimedOn },
    { zh: '完成期限', en: 'Due', of: (row) => row.due },
    { zh: '状态', en: 'State', of: (row, language) => stateRow(CLAIM_LAW, row.state)[language === 'zh-CN' ? 'zh' : 'en'] },
    { zh: '服务情况', en: 'Delivery', of: (row) => row.delivery, width: 40 },
    { zh: '评分', en: 'Score', of: (row) => row.score },
  ],
  rows: async (db, _district, actor) => (await listNeeds(db, actor, { limit: MOST })).flatMap(({ claims: own }) => own),
};

const resources: TableExport<NamedResource> = {
  columns: [
    code,
    { zh: '单位', en: 'Body', of: (row, language) => either(row.orgZh, row.orgEn, language), width: 30 },
    { zh: '类别', en: 'Kind', of: (row, language) => KIND_WORDS.get(row.kind)![language === 'zh-CN' ? 'zh' : 'en'] },
    { zh: '名称', en: 'Name', of: (row, language) => either(row.nameZh, row.nameEn, language), width: 30 },
    { zh: '数量', en: 'Quantity', of: (row) => row.quantity },
    { zh: '计量', en: 'Unit', of: (row, language) => either(row.unitZh, row.unitEn, language) },
    { zh: '时段', en: 'Hours', of: (row) => row.hours },
    { zh: '提前（分）', en: 'Notice, minutes', of: (row) => row.noticeMinutes },
    { zh: '可调用', en: 'Callable', of: (row) => (row.callable ? 1 : 0) },
    { zh: '条件', en: 'Condition', of: (row, language) => either(row.conditionZh ?? '', row.conditionEn, language), width: 30 },
  ],
  rows: (db, _district, actor) => listResources(db, actor, {}),
};

const bookings: TableExport<Booking> = {
  columns: [
    code,
    { zh: '资源', en: 'Resource', of: (row) => row.resource },
    { zh: '数量', en: 'Quantity', of: (row) => row.quantity },
    { zh: '起', en: 'From', of: (row) => row.from.toISOString() },
    { zh: '止', en: 'Until', of: (row) => row.until.toISOString() },
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
    code,
    { zh: '上级', en: 'Parent', of: (row) => row.parent },
    place,
    { zh: '名称', en: 'Name', of: (row, language) => either(row.nameZh, row.nameEn, language), width: 40 },
    { zh: '责任单位', en: 'Owner', of: (row) => row.ownerUnit, width: 28 },
    { zh: '起', en: 'Starts', of: (row) => row.starts },
    { zh: '止', en: 'Ends', of: (row) => row.ends },
    { zh: '目标', en: 'Target', of: (row) => row.target },
    { zh: '完成', en: 'Done', of: (row) => row.done },
    { zh: '应完成 %', en: 'Planned %', of: (row) => standOf(row, row.today).plannedPercent },
    { zh: '实际 %', en: 'Actual %', of: (row) => standOf(row, row.today).actualPercent },
    { zh: '状态', en: 'State', of: (row, language) => word(PLAN_WORDS[standOf(row, row.today).standing], language) },
  ],
  rows: async (db, district, actor, now) =>
    (await readPlans(db, district)).filter((item) => maySeePlan(actor, item)).map((item) => ({ ...item, today: dayAt(now) })),
};

const projects: TableExport<ProjectWithTasks> = {
  columns: [
    { zh: '编码', en: 'Code', of: (row) => row.project.code },
    { zh: '区域', en: 'Place', of: (row) => row.project.place },
    { zh: '五联', en: 'Link', of: (row, language) => linkOf(row.project, language) },
    { zh: '项目', en: 'Project', of: (row, language) => either(row.project.titleZh, row.project.titleEn, language), width: 40 },
    { zh: '起', en: 'Starts', of: (row) => row.project.starts },
    { zh: '止', en: 'Ends', of: (row) => row.project.ends },
    { zh: '任务', en: 'Tasks', of: (row) => row.tasks.length },
    { zh: '进度 %', en: 'Done %', of: (row) => projectPercent(row.tasks) },
    { zh: '状态', en: 'State', of: (row, language) => stateRow(PROJECT_LAW, row.project.state)[language === 'zh-CN' ? 'zh' : 'en'] },
  ],
  rows: (db, _district, actor) => listProjects(db, actor),
};

const activities: TableExport<Activity> = {
  columns: [
    code,
    place,
    { zh: '五联', en: 'Link', of: linkOf },
    { zh: '活动', en: 'Activity', of: (row, language) => either(row.titleZh, row.titleEn, language), width: 40 },
    { zh: '地点', en: 'Venue', of: (row) => row.venue, width: 30 },
    { zh: '日期', en: 'Day', of: (row) => dayAt(new Date(row.startsAt)) },
    { zh: '名额', en: 'Room', of: (row) => row.capacity },
    { zh: '报名', en: 'Signed up', of: (row) => row.taken },
    { zh: '状态', en: 'State', of: (row, language) => stateRow(ACTIVITY_LAW, row.state)[language === 'zh-CN' ? 'zh' : 'en'] },
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
