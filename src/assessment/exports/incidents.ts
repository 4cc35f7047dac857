/** Incidents and moves as rows for a spreadsheet, page by page. No descriptions, photos or names of people: a file leaves the house's scope. */
import { type Kysely, sql } from 'kysely';
import { districtTime, type CsvValue } from '../../csv.ts';
import type { Schema } from '../../db/schema.ts';
import { levelFromNumber } from '../../dispatch/chain/levels.ts';
import { accountAsTold } from '../../identity/personal.ts';
import { incidentsOf } from '../sources.ts';
import { periodOf, type View } from '../view.ts';
import { levelCell, stateCell, type Language, type Names } from './words.ts';

/** Rows read at once. */
const PAGE_ROWS = 1_000;

export interface Table {
  readonly head: readonly string[];
  /** Pages of rows, read one after the other. */
  pages(): AsyncGenerator<readonly (readonly CsvValue[])[]>;
  /** How many rows there are, counted up to `most` and one more. */
  count(most: number): Promise<number>;
}

const INCIDENT_HEAD = {
  'zh-CN': [
    '编号',
    '类别编码',
    '类别',
    '级别',
    '状态',
    '街镇',
    '社区',
    '网格',
    '主办单位',
    '发现时间',
    '上报时间',
    '结束时间',
    '总时限到期',
    '按时',
    '用时占时限 %',
  ],
  en: [
    'Number',
    'Category code',
    'Category',
    'Level',
    'State',
    'Subdistrict',
    'Community',
    'Cell',
    'Lead unit',
    'Found',
    'Reported',
    'Ended',
    'Total time ends',
    'In time',
    'Used % of limit',
  ],
} as const;

interface IncidentRow {
  readonly id: string;
  readonly number: string;
  readonly category: string;
  readonly level: number;
  readonly state: string;
  readonly subdistrict: string;
  readonly community: string;
  readonly cell: string;
  readonly lead_unit: string | null;
  readonly found_at: Date;
  readonly reported_at: Date;
  readonly ended_at: Date | null;
  readonly due: Date | null;
  readonly late: boolean | null;
  readonly used: number | null;
}

const inPeriod = (view: View) => {
  const { from, to } = periodOf(view);
  return sql`i.reported_at >= ${from} and i.reported_at < ${to}`;
};

/** The incidents that were reported in the period, oldest first. The last run of the total clock says whether it was in time. */
export function incidentTable(db: Kysely<Schema>, view: View, language: Language, names: Names): Table {
  const page = (after: readonly [Date, string] | null) =>
    sql<IncidentRow>`
    select i.*, t.due_at as due, t.late, t.used from (${incidentsOf(db, view)}) i
    left join lateral (
      select s.due_at, s.used_ms::float8 / nullif(s.limit_ms, 0) as used,
        case when s.ended_at is not null then s.due_at is not null and s.ended_at >= s.due_at when s.due_at <= ${view.now} then true end as late
      from step_time s where s.district = ${view.actor.district} and s.incident = i.id and s.clock = 'total' order by s.started_at desc limit 1) t on true
    where ${inPeriod(view)} and ${after === null ? sql`true` : sql`(i.reported_at, i.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`}
    order by i.reported_at, i.id limit ${PAGE_ROWS}`.execute(db);
  return {
    head: INCIDENT_HEAD[language],
    async count(most) {
      const { rows } = await sql<{ n: number }>`
        select count(*)::integer as n from (select 1 from (${incidentsOf(db, view)}) i where ${inPeriod(view)} limit ${most + 1}) x`.execute(
        db,
      );
      return rows[0]!.n;
    },
    async *pages() {
      let after: readonly [Date, string] | null = null;
      for (;;) {
        const { rows }: { rows: IncidentRow[] } = await page(after);
        const last = rows.at(-1);
        if (last === undefined) return;
        after = [last.reported_at, last.id];
        yield rows.map((row) => incidentCells(row, language, names));
      }
    },
  };
}

function incidentCells(row: IncidentRow, language: Language, names: Names): CsvValue[] {
  const time = (at: Date | null) => (at === null ? '' : districtTime(at));
  const inTime = row.late === null ? '' : language === 'en' ? (row.late ? 'no' : 'yes') : row.late ? '否' : '是';
  return [
    row.number,
    row.category,
    names.category(row.category),
    levelCell(row.level, language),
    stateCell(row.state, language),
    names.subdistrict(row.subdistrict),
    names.community(row.community),
    row.cell,
    row.lead_unit === null ? '' : names.unit(row.lead_unit),
    time(row.found_at),
    time(row.reported_at),
    time(row.ended_at),
    time(row.due),
    inTime,
    row.used === null ? null : Math.round(row.used * 1_000) / 10,
  ];
}

const MOVE_HEAD = {
  'zh-CN': ['序号', '编号', '版本', '动作', '从', '到', '级别', '办理人', '时间', '摘要值'],
  en: ['Seq', 'Number', 'Version', 'Verb', 'From', 'To', 'Level', 'By', 'At', 'Hash'],
} as const;

interface MoveRow {
  readonly id: string;
  readonly number: string;
  readonly reported_at: Date;
  readonly seq: number;
  readonly version: number;
  readonly verb: string;
  readonly from_state: string;
  readonly to_state: string;
  readonly level: number;
  readonly actor: string;
  readonly at: Date;
  readonly hash: Buffer;
}

/** The log of the incidents that were reported in the period, incident by incident. Its verbs are as in the log: for who checks it. */
export function moveTable(db: Kysely<Schema>, view: View, language: Language): Table {
  const from = sql`(${incidentsOf(db, view)}) i join move m on m.district = ${view.actor.district} and m.incident = i.id`;
  // The first condition of a further page says less than the second, and is the one that an index serves.
  const beyond = (after: readonly [Date, string, number] | null) =>
    after === null
      ? sql`true`
      : sql`i.reported_at >= ${after[0]}::timestamptz and (i.reported_at, i.id, m.version) > (${after[0]}::timestamptz, ${after[1]}::uuid, ${after[2]}::integer)`;
  const page = (after: readonly [Date, string, number] | null) =>
    sql<MoveRow>`
    select i.id, i.number, i.reported_at, m.seq, m.version, m.verb, m.from_state, m.to_state, m.level, m.actor, m.at, m.hash from ${from}
    where ${inPeriod(view)}
      and ${beyond(after)}
    order by i.reported_at, i.id, m.version limit ${PAGE_ROWS}`.execute(db);
  return {
    head: MOVE_HEAD[language],
    async count(most) {
      const { rows } = await sql<{ n: number }>`
        select count(*)::integer as n from (select 1 from ${from} where ${inPeriod(view)} limit ${most + 1}) x`.execute(db);
      return rows[0]!.n;
    },
    async *pages() {
      let after: readonly [Date, string, number] | null = null;
      for (;;) {
        const { rows }: { rows: MoveRow[] } = await page(after);
        const last = rows.at(-1);
        if (last === undefined) return;
        after = [last.reported_at, last.id, last.version];
        yield rows.map((m) => [
          m.seq,
          m.number,
          m.version,
          m.verb,
          m.from_state === 'none' ? '' : stateCell(m.from_state, language),
          stateCell(m.to_state, language),
          levelFromNumber(m.level),
          accountAsTold(m.actor, view.actor),
          m.at.toISOString(),
          m.hash.toString('hex'),
        ]);
      }
    },
  };
}
