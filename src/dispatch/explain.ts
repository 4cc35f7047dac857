/** "Why this deadline", line by line, for people. Pure. */
import type { WorkingCalendar } from './chain/calendar.ts';
import { workdayMs } from './chain/calendar.ts';
import type { Clock, Incident } from './chain/incident.ts';
import type { Words } from './chain/run-cards.ts';

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
const CHINA_TIME = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' });
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

export interface ExplainedClock {
  readonly clock: Clock['name'];
  readonly startedAt: string;
  /** Counted milliseconds, extensions included. */
  readonly limitMs: number;
  readonly kind: Clock['kind'];
  readonly dueAt: string;
  readonly overdue: boolean;
  readonly lines: readonly Words[];
}

/** The running clocks, the step's first. */
export function explainDeadlines(incident: Incident, calendar: WorkingCalendar, now: Date): ExplainedClock[] {
  const { step, total } = incident.clocks;
  return [step, total].filter((c): c is Clock => c !== null).map((clock) => explained(clock, calendar, now));
}

function explained(clock: Clock, calendar: WorkingCalendar, now: Date): ExplainedClock {
  const { name, startedAt, limitMs, kind, dueAt } = clock;
  return {
    clock: name,
    startedAt,
    limitMs,
    kind,
    dueAt,
    overdue: Date.parse(dueAt) <= now.getTime(),
    lines: [limitLine(clock, calendar), startLine(clock), ...countingLines(clock, calendar), ...changeLines(clock), dueLine(clock)],
  };
}

function limitLine({ name, limitMs, kind }: Clock, calendar: WorkingCalendar): Words {
  const what = CLOCK_WORDS[name];
  const long = duration(limitMs, kind, calendar);
  return { zh: `${what.zh}限 ${long.zh}`, en: `Limit for ${what.en}: ${long.en}` };
}

function startLine({ startedAt }: Clock): Words {
  return { zh: `从 ${chinaTime(startedAt)} 起算`, en: `Counted from ${chinaTime(startedAt)}` };
}

function countingLines({ kind }: Clock, { spans }: WorkingCalendar): Words[] {
  if (kind === 'continuous') return [{ zh: '昼夜连续计时', en: 'Counts day and night' }];
  const hours = spans.map(({ fromMin, toMin }) => `${clockTime(fromMin)}–${clockTime(toMin)}`);
  return [{ zh: `只计工作时间：工作日 ${hours.join('、')}`, en: `Counts working time only: workdays ${hours.join(', ')}` }];
}

function changeLines(clock: Clock): Words[] {
  const lines: Words[] = [];
  if (clock.usedMs !== undefined) {
    const used = Math.round(clock.usedMs / MINUTE_MS);
    lines.push({ zh: `挂账前已用 ${used} 分钟`, en: `Used before the suspension: ${used} minutes` });
  }
  if (clock.name === 'resume') {
    lines.push({ zh: '挂账期间其他时钟停走，恢复后接着算', en: 'The other clocks stand still, and go on after the suspension' });
  }
  if (clock.extendedMs !== undefined) {
    const more = Math.round(clock.extendedMs / MINUTE_MS);
    lines.push({ zh: `已批延期 ${more} 分钟，已计入`, en: `Extension granted: ${more} minutes, included` });
  }
  return lines;
}

function dueLine({ dueAt }: Clock): Words {
  return { zh: `${chinaTime(dueAt)} 到期`, en: `Due ${chinaTime(dueAt)} (China time)` };
}

function duration(ms: number, kind: Clock['kind'], calendar: WorkingCalendar): Words {
  const dayMs = workdayMs(calendar);
  if (dayMs > 0 && kind === 'working' && ms % dayMs === 0) return counted(ms / dayMs, '个工作日', 'working day');
  if (ms % HOUR_MS === 0) return counted(ms / HOUR_MS, '小时', 'hour');
  return counted(Math.round(ms / MINUTE_MS), '分钟', 'minute');
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
