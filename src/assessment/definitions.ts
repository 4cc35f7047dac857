/** What each figure is: formula, unit, source, what is counted and what is left out. Shown beside the figure, and the law for the SQL. Pure. */

export interface Words {
  readonly zh: string;
  readonly en: string;
}

export const FIGURE_NAMES = ['responseRate', 'resolutionRate', 'satisfactionRate', 'onTimeRate', 'ringDelay'] as const;
export type FigureName = (typeof FIGURE_NAMES)[number];

export interface FigureDefinition {
  readonly name: FigureName;
  readonly title: Words;
  readonly unit: 'percent' | 'seconds';
  /** What should be reached: at least for a share, at most for a time. */
  readonly target: number;
  readonly formula: Words;
  readonly counted: Words;
  readonly leftOut: Words;
  readonly source: Words;
}

/** NFPA 1221 (2016): 90 % of alarms processed within 64 s. */
export const RING_TARGET_S = 64;

const VOID: Words = {
  zh: '演练、已并案、已作废不计',
  en: 'Drills, merged and cancelled incidents are left out',
};

/**
 * An open incident counts as late in the moment in which its time runs out, and not only when somebody ends it: else the worst would be missing.
 * The targets of the first four are ours: what districts of this size publish as theirs.
 */
export const FIGURES: Readonly<Record<FigureName, FigureDefinition>> = {
  responseRate: {
    name: 'responseRate',
    title: { zh: '响应率', en: 'Response rate' },
    unit: 'percent',
    target: 98,
    formula: { zh: '按时签收的派遣 ÷ 应签收的派遣', en: 'dispatches acknowledged in time ÷ dispatches to be acknowledged' },
    counted: {
      zh: '主办单位每次被派一次；签收或退单算答复；到时没答复，当时就计为超时',
      en: 'Each dispatch of a lead unit once; acknowledging and declining both answer; unanswered at its limit it counts as late at once',
    },
    leftOut: {
      zh: '签收前按时收回、作废、并案、移送的不计；演练、已并案、已作废不计',
      en: 'Dispatches taken back in time; drills, merged and cancelled',
    },
    source: { zh: '日志中签收时钟的起止', en: 'the log: start and end of the acknowledge clock' },
  },
  resolutionRate: {
    name: 'resolutionRate',
    title: { zh: '解决率', en: 'Resolution rate' },
    unit: 'percent',
    target: 95,
    formula: { zh: '已结案且未重办 ÷ 应结案', en: 'closed and not reopened ÷ to be closed' },
    counted: {
      zh: '应结案：总时限在这段时间到期，或在这之前已结案；挂账时总时限停走',
      en: 'To be closed: its total time ran out in the period, or it was closed in it before that; while suspended the total time stands still',
    },
    leftOut: {
      zh: '不予受理、移送、强制结案不计；演练、已并案、已作废不计',
      en: 'Not accepted, referred, force-closed; drills, merged and cancelled',
    },
    source: {
      zh: '日志中总时钟的起止；口径参照 GB/T 30428 的结案率',
      en: 'the log: the total clock; after the closing rate of GB/T 30428',
    },
  },
  satisfactionRate: {
    name: 'satisfactionRate',
    title: { zh: '满意率', en: 'Satisfaction rate' },
    unit: 'percent',
    target: 95,
    formula: { zh: '评“满意”的 ÷ 已评价的', en: 'rated good ÷ rated' },
    counted: {
      zh: '群众在这段时间的评价；重办后再评的，只计最后一次',
      en: 'Ratings by residents in the period; of an incident that was reopened and rated again the last',
    },
    leftOut: VOID,
    source: { zh: '群众凭编号的评价（三档）', en: 'ratings by number, three faces' },
  },
  onTimeRate: {
    name: 'onTimeRate',
    title: { zh: '按时率', en: 'On-time rate' },
    unit: 'percent',
    target: 90,
    formula: { zh: '总时限内结案 ÷ 应结案', en: 'closed within the total time ÷ to be closed' },
    counted: {
      zh: '应结案与解决率相同；超时未结，到时就计',
      en: 'As for the resolution rate; open past its time it counts as late at once',
    },
    leftOut: {
      zh: '不予受理、移送、强制结案不计；演练、已并案、已作废不计',
      en: 'Not accepted, referred, force-closed; drills, merged and cancelled',
    },
    source: {
      zh: '日志中总时钟的到期时间（工作日历、挂账、延期已算入）',
      en: 'the log: when the total clock ran out, with calendar, suspensions and extensions',
    },
  },
  ringDelay: {
    name: 'ringDelay',
    title: { zh: '特急上报到响铃', en: 'Critical: report to ring' },
    unit: 'seconds',
    target: RING_TARGET_S,
    formula: { zh: '九成的特急在几秒内响铃（p90）', en: 'seconds within which 90 % of critical incidents rang (p90)' },
    counted: { zh: '上报时就是特急的事件，到第一台设备响铃', en: 'Incidents critical when reported, up to the first device that rang' },
    leftOut: {
      zh: '没有设备在线的另列；演练、已并案、已作废不计',
      en: 'Without a device online: listed apart; drills, merged and cancelled',
    },
    source: { zh: '推送留痕；目标出自 NFPA 1221（2016）', en: 'push evidence; target of NFPA 1221 (2016)' },
  },
};
