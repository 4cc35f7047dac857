/** The lines of "why this deadline", in both languages. Pure. */
import { coversYear, workdayMs, type WorkingCalendar } from './chain/calendar.ts';
import { extendedBy } from './chain/clocks.ts';
import type { Clock, Extension, Incident } from './chain/incident.ts';
import type { Rules } from './chain/levels.ts';
import { monthsAfter, reviewDue } from './chain/review.ts';
import type { Words } from './chain/run-cards.ts';
import type { Recipient } from './chain/told.ts';

export interface ExplainedPause {
  readonly from: string;
  /** null as long as it stands still. */
  readonly to: string | null;
  readonly why: 'suspended' | 'check' | 'away';
  /** What the clock would have counted meanwhile, milliseconds. */
  readonly savedMs: number;
}

export interface ExplainedDay {
  /** `YYYY-MM-DD`, China time. */
  readonly date: string;
  readonly working: boolean;
  /** The calendar's own name for it; null for what follows from the weekday. */
  readonly label: Words | null;
}

export interface ExplainedLine extends Words {
  readonly what: 'limit' | 'start' | 'counting' | 'skipped' | 'pause' | 'extension' | 'used' | 'note' | 'due';
  /** What the line adds to the limit or takes from it, counted milliseconds; absent where it only explains. */
  readonly ms?: number;
}

interface Figures {
  readonly usedMs: number;
  readonly leftMs: number;
  readonly pauses: readonly ExplainedPause[];
  readonly days: readonly ExplainedDay[];
}

const CLOCK_WORDS: Readonly<Record<Clock['name'], Words>> = {
  call: { zh: '社区呼叫', en: 'community call' },
  verification: { zh: '立案前核查', en: 'verification' },
  accept: { zh: '街道受理', en: 'acceptance and dispatch' },
  dispatch: { zh: '派遣', en: 'dispatch' },
  acknowledge: { zh: '签收', en: 'acknowledgement' },
  arrive: { zh: '到场', en: 'arrival' },
  resolve: { zh: '处置', en: 'handling' },
  resume: { zh: '挂账到期', en: 'end of the suspension' },
  assignCheck: { zh: '安排核查', en: 'assignment of the check' },
  check: { zh: '核查', en: 'check' },
  total: { zh: '全程', en: 'the whole, from report to close' },
};
const LEVEL_WORDS = { R1: 'R1 特急', R2: 'R2 紧急', R3: 'R3 加急', R4: 'R4 一般' } as const;
const PAUSE_WORDS: Readonly<Record<ExplainedPause['why'], Words>> = {
  suspended: { zh: '挂账', en: 'Suspended' },
  check: { zh: '核查期间', en: 'While it was checked' },
  away: { zh: '不在该单位手上', en: 'Not with this unit' },
};
const CHINA_TIME = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' });
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

export function linesOf(incident: Incident, clock: Clock, figures: Figures, rules: Rules, now: Date): ExplainedLine[] {
  if (clock.name === 'resume') return [agreedLine(clock), startLine(clock), ...suspensionLines(incident, now), dueLine(clock)];
  const { calendar } = rules;
  return [
    limitLine(incident, clock, calendar),
    startLine(clock),
    countingLine(clock, calendar),
    ...skippedLines(figures.days),
    ...missingLines(figures.days, calendar),
    ...figures.pauses.map((pause) => pauseLine(pause, clock.kind, calendar)),
    ...olderLines(clock, calendar),
    ...extensionLines(incident, clock, rules),
    usedLine(figures, clock.kind, calendar),
    dueLine(clock),
  ];
}

function limitLine({ level, categoryRules }: Incident, clock: Clock, calendar: WorkingCalendar): ExplainedLine {
  const { name, limitMs, kind } = clock;
  const what = CLOCK_WORDS[name];
  const ms = limitMs - extendedBy(clock);
  const long = duration(ms, kind, calendar);
  const whence: Words =
    name === 'resolve' && level === categoryRules.level
      ? { zh: '按类别表这一行', en: 'by its row of the category table' }
      : name === 'total'
        ? { zh: `按 ${LEVEL_WORDS[level]}各步之和`, en: `the steps of ${level} together` }
        : { zh: `按 ${LEVEL_WORDS[level]}时限表`, en: `by the table of ${level}` };
  return { what: 'limit', ms, zh: `${what.zh}限 ${long.zh}，${whence.zh}`, en: `Limit for ${what.en}: ${long.en}, ${whence.en}` };
}

function agreedLine({ dueAt }: Clock): ExplainedLine {
  return { what: 'limit', zh: `挂账约定到 ${chinaTime(dueAt)}`, en: `Suspended until ${chinaTime(dueAt)}, as agreed` };
}

function startLine({ startedAt }: Clock): ExplainedLine {
  return { what: 'start', zh: `从 ${chinaTime(startedAt)} 起算`, en: `Counted from ${chinaTime(startedAt)}` };
}

function countingLine({ kind }: Clock, { spans }: WorkingCalendar): ExplainedLine {
  if (kind === 'continuous') return { what: 'counting', zh: '昼夜连续计时', en: 'Counts day and night' };
  const hours = spans.map(({ fromMin, toMin }) => `${clockTime(fromMin)}–${clockTime(toMin)}`);
  return { what: 'counting', zh: `只计工作时间：工作日 ${hours.join('、')}`, en: `Counts working time only: workdays ${hours.join(', ')}` };
}

/** Days that do not count, and weekend days that do (调休), named as the calendar names them; neighbours of one name together. */
function skippedLines(days: readonly ExplainedDay[]): ExplainedLine[] {
  const runs: { first: ExplainedDay; last: ExplainedDay; count: number }[] = [];
  for (const [i, day] of days.entries()) {
    if (day.working && !isWeekend(day)) continue;
    const run = runs.at(-1);
    if (run !== undefined && run.last === days[i - 1] && run.first.working === day.working && nameOf(run.first).zh === nameOf(day).zh) {
      run.last = day;
      run.count += 1;
    } else runs.push({ first: day, last: day, count: 1 });
  }
  return runs.map(({ first, last, count }) => {
    const name = nameOf(first);
    const span = first === last ? short(first) : `${short(first)} – ${short(last)}`;
    return first.working
      ? { what: 'skipped', zh: `${name.zh} ${span}，照常计时`, en: `${name.en} ${span}: counts` }
      : { what: 'skipped', zh: `${name.zh} ${span}，${count} 天不计`, en: `${name.en} ${span}: not counted` };
  });
}

/** A year that the calendar lacks: the end may move when somebody adds it. */
function missingLines(days: readonly ExplainedDay[], calendar: WorkingCalendar): ExplainedLine[] {
  const years = [...new Set(days.map(({ date }) => Number(date.slice(0, 4))))];
  return years
    .filter((year) => !coversYear(calendar, year))
    .map((year) => ({
      what: 'note',
      zh: `工作日历还没有 ${year} 年，暂按周一到周五算，补上后会重新算`,
      en: `The working calendar has no ${year} yet: Monday to Friday count, and it is counted anew once the year is added`,
    }));
}

const isWeekend = ({ date }: ExplainedDay) => [0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay());
const short = ({ date }: ExplainedDay) => date.slice(5);
function nameOf(day: ExplainedDay): Words {
  if (day.label !== null) return day.label;
  if (day.working) return { zh: '调休上班', en: 'Make-up workday' };
  return isWeekend(day) ? { zh: '周末', en: 'Weekend' } : { zh: '放假', en: 'Holiday' };
}

function pauseLine({ from, to, why, savedMs }: ExplainedPause, kind: Clock['kind'], calendar: WorkingCalendar): ExplainedLine {
  const name = PAUSE_WORDS[why];
  const saved = duration(savedMs, kind, calendar);
  const until = to === null ? { zh: '现在', en: 'now' } : { zh: chinaTime(to), en: chinaTime(to) };
  return {
    what: 'pause',
    zh: `${name.zh} ${chinaTime(from)} 至 ${until.zh}，其中 ${saved.zh}不计`,
    en: `${name.en} ${chinaTime(from)} to ${until.en}: ${saved.en} of it not counted`,
  };
}

/** Logs from before there were rows have only the sums. */
function olderLines({ usedMs, extendedMs, kind }: Clock, calendar: WorkingCalendar): ExplainedLine[] {
  const lines: ExplainedLine[] = [];
  if (usedMs !== undefined) {
    const used = duration(usedMs, kind, calendar);
    lines.push({ what: 'pause', zh: `挂账前已用 ${used.zh}`, en: `Used before the suspension: ${used.en}` });
  }
  if (extendedMs !== undefined) {
    const more = duration(extendedMs, kind, calendar);
    lines.push({ what: 'extension', ms: extendedMs, zh: `已批延期 ${more.zh}`, en: `Extension granted: ${more.en}` });
  }
  return lines;
}

function extensionLines({ level, extensions: granted }: Incident, clock: Clock, rules: Rules): ExplainedLine[] {
  const { extensions = [], kind, name } = clock;
  const lines = extensions.map((e) => extensionLine(e, kind, rules.calendar));
  if (name === 'total' || lines.length > 0 || clock.extendedMs !== undefined) return lines;
  const left = Math.max(0, rules.extensions[level] - granted);
  if (rules.extensions[level] === 0) return [{ what: 'extension', ms: 0, zh: '这一级不能延期', en: 'No extension at this level' }];
  return [{ what: 'extension', ms: 0, zh: `没有延期，还可 ${left} 次`, en: `No extension; ${left} possible` }];
}

function extensionLine({ byMs, at, place }: Extension, kind: Clock['kind'], calendar: WorkingCalendar): ExplainedLine {
  const more = duration(byMs, kind, calendar);
  const office = place === undefined ? { zh: '', en: '' } : grantedBy(place);
  return {
    what: 'extension',
    ms: byMs,
    zh: `延期 ${more.zh}，${chinaTime(at)} ${office.zh}批准`,
    en: `Extended by ${more.en}, granted ${chinaTime(at)}${office.en}`,
  };
}

/** The recorded place, and not the name of the account: anybody's account may have any name. */
const grantedBy = (place: Recipient): Words =>
  place === 'district' ? { zh: '区', en: ' by the district' } : { zh: '街道', en: ' by the subdistrict' };

function usedLine({ usedMs, leftMs }: Figures, kind: Clock['kind'], calendar: WorkingCalendar): ExplainedLine {
  // What is left is rounded down, so what was used is rounded up: the two add up to the limit as it is written.
  const used = duration(leftMs < 0 ? usedMs : Math.ceil(usedMs / MINUTE_MS) * MINUTE_MS, kind, calendar);
  const left = duration(Math.abs(leftMs), kind, calendar);
  return {
    what: 'used',
    ms: -usedMs,
    zh: `到现在已用 ${used.zh}，${leftMs < 0 ? '超' : '还剩'} ${left.zh}`,
    en: `Used so far: ${used.en}; ${left.en} ${leftMs < 0 ? 'over' : 'left'}`,
  };
}

/** What stands still meanwhile, and when the suspension is looked at again. */
function suspensionLines(incident: Incident, now: Date): ExplainedLine[] {
  const next = incident.review?.answeredAt === null ? monthsAfter(incident.stateSince, incident.review.count + 1) : reviewDue(incident);
  const lines: ExplainedLine[] = [
    { what: 'note', zh: '挂账期间其他时钟停走，恢复后接着算', en: 'The other clocks stand still, and go on after the suspension' },
  ];
  if (next === null || next >= (incident.suspendedUntil ?? '') || Date.parse(next) <= now.getTime()) return lines;
  return [...lines, { what: 'note', zh: `每月复核一次，下次 ${chinaTime(next)}`, en: `Reviewed each month, next ${chinaTime(next)}` }];
}

function dueLine({ dueAt }: Clock): ExplainedLine {
  return { what: 'due', zh: `${chinaTime(dueAt)} 到期`, en: `Due ${chinaTime(dueAt)} (China time)` };
}

/** Whole working days, else hours and minutes; never rounds up what is left. */
function duration(ms: number, kind: Clock['kind'], calendar: WorkingCalendar): Words {
  const dayMs = workdayMs(calendar);
  if (dayMs > 0 && kind === 'working' && ms > 0 && ms % dayMs === 0) return counted(ms / dayMs, '个工作日', 'working day');
  const hours = Math.floor(ms / HOUR_MS);
  const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS);
  if (hours === 0) return counted(minutes, '分钟', 'minute');
  if (minutes === 0) return counted(hours, '小时', 'hour');
  return { zh: `${hours} 小时 ${minutes} 分`, en: `${hours} h ${minutes} min` };
}

function counted(n: number, zh: string, en: string): Words {
  return { zh: `${n} ${zh}`, en: `${n} ${en}${n === 1 ? '' : 's'}` };
}

function chinaTime(time: string): string {
  return CHINA_TIME.format(new Date(time));
}

function clockTime(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
