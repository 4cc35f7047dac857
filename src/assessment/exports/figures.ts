/** The figures as sheets: one for each part of the page; as CSV the same rows under each other. Pure. */
import type { CsvValue, Sheet } from '../../csv.ts';
import { FIGURES, type Words } from '../definitions.ts';
import type { DayFigures } from '../schemas.ts';
import { AGE_WORDS, CLOCK_WORDS, levelCell, type Language, type Names } from './words.ts';

const WEEKDAYS: readonly Words[] = [
  { zh: '周一', en: 'Mon' },
  { zh: '周二', en: 'Tue' },
  { zh: '周三', en: 'Wed' },
  { zh: '周四', en: 'Thu' },
  { zh: '周五', en: 'Fri' },
  { zh: '周六', en: 'Sat' },
  { zh: '周日', en: 'Sun' },
];

/** Per cent of a limit, to one decimal. */
const perCent = (share: number | null): number | null => (share === null ? null : Math.round(share * 1_000) / 10);

export function figureSheets(f: DayFigures, language: Language, names: Names): Sheet[] {
  const say = ({ zh, en }: Words) => (language === 'en' ? en : zh);
  const head = (...words: readonly [zh: string, en: string][]) => words.map(([zh, en]) => (language === 'en' ? en : zh));
  const place = f.places === 'subdistrict' ? names.subdistrict : names.community;
  const tallies: [string, string][] = [
    ['上报', 'Reported'],
    ['结案', 'Closed'],
    ['应结案', 'To be closed'],
    ['超时', 'Late'],
  ];
  const still: [string, string][] = [
    ['在办', 'Open'],
    ['在办超时', 'Open and overdue'],
  ];
  return [
    {
      name: say({ zh: '指标', en: 'Figures' }),
      head: head(
        ['指标', 'Figure'],
        ['数值', 'Value'],
        ['目标', 'Target'],
        ['计入', 'Counted'],
        ['未达', 'Missed'],
        ['上一期', 'Period before'],
        ['口径', 'Formula'],
        ['不计', 'Left out'],
      ),
      rows: f.figures.map((figure) => {
        const { title, formula, leftOut } = FIGURES[figure.name];
        return [say(title), figure.value, figure.target, figure.of, figure.missed, figure.before, say(formula), say(leftOut)];
      }),
    },
    {
      name: say({ zh: '各步用时', en: 'Steps' }),
      head: head(
        ['步骤', 'Step'],
        ['计入', 'Counted'],
        ['超时', 'Late'],
        ['未完超时', 'Late, not ended'],
        ['p50 %', 'p50 %'],
        ['p90 %', 'p90 %'],
        ['p95 %', 'p95 %'],
      ),
      rows: f.steps.map((s) => [
        say(CLOCK_WORDS[s.clock] ?? { zh: s.clock, en: s.clock }),
        s.decided,
        s.late,
        s.lateOpen,
        perCent(s.p50),
        perCent(s.p90),
        perCent(s.p95),
      ]),
    },
    {
      name: say({ zh: '每日', en: 'Days' }),
      head: head(['日期', 'Day'], ...tallies),
      rows: f.days.map((d) => [d.day, d.reported, d.closed, d.decided, d.late]),
    },
    {
      name: f.places === 'subdistrict' ? say({ zh: '各街镇', en: 'Subdistricts' }) : say({ zh: '各社区', en: 'Communities' }),
      head: head(
        ['地方', 'Place'],
        ...tallies,
        ...still,
        ['应签收', 'To acknowledge'],
        ['签收超时', 'Acknowledged late'],
        ['退单', 'Declined'],
        ['响应率 %', 'Response %'],
        ['按时率 %', 'In time %'],
      ),
      rows: f.byPlace.map((p) => [
        place(p.code),
        p.reported,
        p.closed,
        p.decided,
        p.late,
        p.open,
        p.overdue,
        p.toAnswer,
        p.answeredLate,
        p.declined,
        p.responseRate,
        p.onTimeRate,
      ]),
    },
    {
      name: say({ zh: '各级别', en: 'Levels' }),
      head: head(['级别', 'Level'], ...tallies, ...still),
      rows: f.byLevel.map((l, i) => [levelCell(i + 1, language), l.reported, l.closed, l.decided, l.late, l.open, l.overdue]),
    },
    {
      name: say({ zh: '时段', en: 'Hours' }),
      head: head(['星期', 'Weekday'], ['时', 'Hour'], ['上报', 'Reported']),
      rows: f.hours.map((h) => [say(WEEKDAYS[h.weekday - 1]!), h.hour, h.reported]),
    },
    {
      name: say({ zh: '在办时长', en: 'Backlog' }),
      head: head(['已办多久', 'Open for'], ['在办', 'Open'], ['超时', 'Overdue'], ['挂账', 'Suspended']),
      rows: f.backlog.map((b) => [say(AGE_WORDS[b.age]), b.open, b.overdue, b.suspended]),
    },
  ];
}

/** Each sheet under its name, an empty line between them. */
export function asOneTable(sheets: readonly Sheet[]): (readonly CsvValue[])[] {
  return sheets.flatMap(({ name, head, rows }, i) => [...(i === 0 ? [] : [[]]), [name], head, ...rows]);
}
