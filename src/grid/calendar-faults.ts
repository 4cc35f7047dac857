/** What can be wrong with an edit of the calendar: where, what, and what to do, in both languages. Pure. */

export interface CalendarFault {
  /** Where in the edit: `days.0.to`, `hours.1.from`, `fill.0`. */
  readonly path: string;
  readonly code: CalendarFaultCode;
  readonly what: { readonly 'zh-CN': string; readonly en: string };
  readonly whatToDo: { readonly 'zh-CN': string; readonly en: string };
}

interface Fault {
  readonly zh: string;
  readonly en: string;
  readonly doZh: string;
  readonly doEn: string;
}

/** `{value}` is filled in. */
const FAULTS = {
  nothing: { zh: '没有改动', en: 'Nothing is changed', doZh: '请先改一处', doEn: 'Change something first.' },
  'not-a-day': {
    zh: '“{value}”不是日期',
    en: '"{value}" is no date',
    doZh: '请写成 2027-02-06 这样',
    doEn: 'Write it like 2027-02-06.',
  },
  'days-order': {
    zh: '“{value}”结束早于开始',
    en: '"{value}" ends before it begins',
    doZh: '请把较早的日期放在前面',
    doEn: 'Put the earlier date first.',
  },
  'days-many': {
    zh: '“{value}”一次超过一年',
    en: '"{value}" is more than a year at once',
    doZh: '请分几次改',
    doEn: 'Change it in several steps.',
  },
  'days-overlap': {
    zh: '{value} 在同一次改动里改了两回',
    en: '{value} is changed twice in one edit',
    doZh: '请只留一处',
    doEn: 'Keep one of the two.',
  },
  'year-missing': {
    zh: '日历里还没有 {value} 年',
    en: 'The calendar has no year {value}',
    doZh: '请先补上这一年，再改其中的日子',
    doEn: 'Add the year first, then change its days.',
  },
  'year-there': {
    zh: '{value} 年已在日历里',
    en: 'The calendar has the year {value} already',
    doZh: '请直接改其中的日子，或导入整年',
    doEn: 'Change its days, or import the whole year.',
  },
  'year-unknown': {
    zh: '推算不了 {value} 年',
    en: 'The year {value} cannot be made',
    doZh: '请导入这一年的 CSV',
    doEn: 'Import a CSV of that year.',
  },
  'makeup-not-weekend': {
    zh: '{value} 不是周末，不用调休上班',
    en: '{value} is no weekend day: it needs no make-up',
    doZh: '请只选周六、周日，或改为“恢复平常”',
    doEn: 'Choose Saturdays and Sundays only, or set it back to usual.',
  },
  'makeup-provisional': {
    zh: '{value} 调休上班不能是暂定',
    en: '{value}: a make-up workday is never provisional',
    doZh: '通知出来再填，状态选“已公布”',
    doEn: 'Wait for the notice, then mark it as announced.',
  },
  'name-missing': {
    zh: '{value} 放假没有名称',
    en: '{value}: the holiday has no name',
    doZh: '请填名称，例如：春节放假',
    doEn: 'Give it a name, in Chinese.',
  },
  'statutory-not-holiday': {
    zh: '{value} 不放假，不能是法定节假日',
    en: '{value} is no holiday, so it cannot be a statutory one',
    doZh: '请去掉“法定”，或改为放假',
    doEn: 'Take "statutory" away, or make it a holiday.',
  },
  'hours-none': {
    zh: '没有办公时段',
    en: 'There are no working hours',
    doZh: '请至少留一段',
    doEn: 'Keep at least one span.',
  },
  'hours-many': { zh: '办公时段太多', en: 'Too many spans', doZh: '一天最多 6 段', doEn: 'At most six a day.' },
  'hours-form': {
    zh: '“{value}”不是一天里的时刻',
    en: '"{value}" is no time of a day',
    doZh: '请写成 08:30 这样，00:00 到 24:00',
    doEn: 'Write it like 08:30, between 00:00 and 24:00.',
  },
  'hours-order': {
    zh: '“{value}”结束不晚于开始',
    en: '"{value}" does not end after it begins',
    doZh: '请改开始或结束；跨零点的请分成两段',
    doEn: 'Change one of the two; split a span that passes midnight.',
  },
  'hours-overlap': {
    zh: '“{value}”与前一段重叠或相接，或没按先后排',
    en: '"{value}" overlaps or touches the span before, or comes out of order',
    doZh: '请按先后排，两段之间留出间隔',
    doEn: 'Put them in order, with a break between.',
  },
} as const satisfies Record<string, Fault>;

export type CalendarFaultCode = keyof typeof FAULTS;

export function calendarFault(path: string, code: CalendarFaultCode, value: string | number = ''): CalendarFault {
  const fault: Fault = FAULTS[code];
  const say = (text: string) => text.replaceAll('{value}', String(value));
  return {
    path,
    code,
    what: { 'zh-CN': say(fault.zh), en: say(fault.en) },
    whatToDo: { 'zh-CN': say(fault.doZh), en: say(fault.doEn) },
  };
}
