/** Fixed words for states, steps, levels and verbs. One term is one thing; pages take them from here and nowhere else. */
import type { AssignmentState, ClockName, Level, Locale, State, Verb, WireMove } from './types.ts';

type Pair = readonly [zh: string, en: string];
const say = (pair: Pair, locale: Locale) => (locale === 'en' ? pair[1] : pair[0]);

const STATE: Readonly<Record<State, Pair>> = {
  reported: ['待呼叫', 'To be called'],
  verifying: ['待核实', 'Being verified'],
  called: ['待统筹', 'To be coordinated'],
  coordinating: ['待派遣', 'To be dispatched'],
  dispatched: ['待签收', 'To be acknowledged'],
  responding: ['赶赴中', 'On the way'],
  handling: ['处置中', 'Being handled'],
  suspended: ['挂账', 'Suspended'],
  disposed: ['待核查', 'To be checked'],
  checking: ['核查中', 'Being checked'],
  closed: ['已结案', 'Closed'],
  rejected: ['不予受理', 'Not accepted'],
  cancelled: ['已作废', 'Cancelled'],
  merged: ['已并案', 'Merged'],
  referred: ['已移送', 'Referred'],
};
export const stateWord = (state: State, locale: Locale) => say(STATE[state], locale);

const ASSIGNMENT: Readonly<Record<AssignmentState, Pair>> = {
  assigned: ['待签收', 'To acknowledge'],
  acknowledged: ['已签收', 'Acknowledged'],
  enRoute: ['赶赴中', 'On the way'],
  onScene: ['已到场', 'On scene'],
  finished: ['已完成', 'Finished'],
  declined: ['已退单', 'Declined'],
  released: ['已撤下', 'Released'],
};
export const assignmentWord = (state: AssignmentState, locale: Locale) => say(ASSIGNMENT[state], locale);

const LEVEL: Readonly<Record<Level, Pair>> = {
  R1: ['特急', 'Critical'],
  R2: ['紧急', 'Urgent'],
  R3: ['加急', 'Prompt'],
  R4: ['一般', 'Routine'],
};
export const levelWord = (level: Level, locale: Locale) => say(LEVEL[level], locale);

/** The five steps of the chain, in order. What comes after them (核查结案) shows all five as done. */
export const STEPS = ['find', 'call', 'coordinate', 'respond', 'handle'] as const;
export type Step = (typeof STEPS)[number];
const STEP: Readonly<Record<Step, Pair>> = {
  find: ['网格发现', 'Found'],
  call: ['社区呼叫', 'Called'],
  coordinate: ['街道统筹', 'Coordinated'],
  respond: ['分级响应', 'Responding'],
  handle: ['协同处置', 'Handled'],
};
export const stepWord = (step: Step, locale: Locale) => say(STEP[step], locale);

/** Index of the step that an incident stands on; 5 when all are done; null for ends beside the chain (rejected, merged …). */
export function stepIndex(state: State): number | null {
  switch (state) {
    case 'reported':
    case 'verifying':
      return 0;
    case 'called':
      return 1;
    case 'coordinating':
      return 2;
    case 'dispatched':
    case 'responding':
      return 3;
    case 'handling':
    case 'suspended':
      return 4;
    case 'disposed':
    case 'checking':
    case 'closed':
      return 5;
    case 'rejected':
    case 'cancelled':
    case 'merged':
    case 'referred':
      return null;
  }
}

/** What a clock waits for. */
const CLOCK: Readonly<Record<ClockName | 'total', Pair>> = {
  call: ['呼叫街道', 'call'],
  verification: ['核实', 'verification'],
  accept: ['街道受理', 'acceptance'],
  dispatch: ['派遣', 'dispatch'],
  acknowledge: ['签收', 'acknowledgement'],
  arrive: ['到场', 'arrival'],
  resolve: ['处置完成', 'handling'],
  resume: ['恢复办理', 'resumption'],
  assignCheck: ['安排核查', 'assigning the check'],
  check: ['核查', 'check'],
  total: ['全程', 'whole chain'],
};
export const clockWord = (clock: ClockName | 'total', locale: Locale) => say(CLOCK[clock], locale);

/** As buttons and menus say it: verb and object, six characters at most. */
const VERB: Readonly<Record<Verb, Pair>> = {
  report: ['上报', 'Report'],
  call: ['呼叫街道', 'Call the subdistrict'],
  requestVerification: ['请网格核实', 'Ask for verification'],
  settleOnSpot: ['即查即改', 'Settled on the spot'],
  reject: ['不予受理', 'Do not accept'],
  withdraw: ['撤回', 'Withdraw'],
  merge: ['并案', 'Merge'],
  answerVerification: ['答复核实', 'Answer verification'],
  accept: ['受理', 'Accept'],
  returnCall: ['退回社区', 'Return to community'],
  raise: ['提级', 'Raise'],
  refer: ['移送', 'Refer'],
  dispatch: ['派遣', 'Dispatch'],
  recall: ['收回', 'Recall'],
  abort: ['作废', 'Cancel'],
  suspend: ['挂账', 'Suspend'],
  resume: ['恢复办理', 'Resume'],
  assignCheck: ['安排核查', 'Assign a check'],
  acceptEvidence: ['凭照片结案', 'Close by evidence'],
  confirmClose: ['确认结案', 'Confirm closing'],
  failCheck: ['核查不通过', 'Check failed'],
  failSpotCheck: ['抽查不通过', 'Spot check failed'],
  reopen: ['重办', 'Reopen'],
  appeal: ['申诉', 'Appeal'],
  unmerge: ['取消并案', 'Undo the merge'],
  returnReferral: ['移送退回', 'Take back'],
  forceClose: ['强制结案', 'Force close'],
  endDrill: ['结束演练', 'End the drill'],
  acknowledge: ['签收', 'Acknowledge'],
  depart: ['出发', 'Depart'],
  arrive: ['我已到场', 'On scene'],
  finish: ['处置完成', 'Finish'],
  decline: ['退单', 'Decline'],
  release: ['撤下单位', 'Release unit'],
  lapse: ['签收失效', 'Acknowledgement lapsed'],
  extend: ['延期', 'Extend'],
  urge: ['催办', 'Urge'],
  supervise: ['督办', 'Supervise'],
  regrade: ['改级别', 'Regrade'],
  addUnit: ['加派单位', 'Add a unit'],
  comment: ['留言', 'Comment'],
  attach: ['补照片', 'Add photos'],
  arbitrate: ['裁定', 'Arbitrate'],
};
export const verbWord = (verb: Verb, locale: Locale) => say(VERB[verb], locale);

/** As a log says it happened. */
const DONE: Partial<Readonly<Record<Verb, Pair>>> = {
  report: ['上报', 'Reported'],
  call: ['社区呼叫', 'Called by the community'],
  requestVerification: ['请网格核实', 'Verification asked'],
  settleOnSpot: ['即查即改', 'Settled on the spot'],
  accept: ['街道受理', 'Accepted by the subdistrict'],
  dispatch: ['已派遣', 'Dispatched'],
  acknowledge: ['签收', 'Acknowledged'],
  depart: ['出发', 'Departed'],
  arrive: ['到场', 'Arrived'],
  finish: ['处置完成', 'Finished'],
  decline: ['退单', 'Declined'],
  withdraw: ['已撤回', 'Withdrawn'],
  reject: ['不予受理', 'Not accepted'],
  confirmClose: ['确认结案', 'Closed after the check'],
  endDrill: ['演练结束', 'Drill ended'],
  acceptEvidence: ['凭照片结案', 'Closed by evidence'],
  urge: ['催办', 'Urged'],
  supervise: ['督办', 'Supervised'],
  regrade: ['改了级别', 'Regraded'],
  comment: ['留言', 'Comment'],
  attach: ['补了照片', 'Photos added'],
};
export const doneWord = (verb: Verb, locale: Locale) => say(DONE[verb] ?? VERB[verb], locale);

const LADDER: Readonly<Record<number, Pair>> = {
  50: ['时限过半，提醒', 'Reminded: half of the time is used'],
  80: ['时限快到，提醒', 'Warned: nearly due'],
  100: ['超时，一级督办', 'Overdue: supervision 1'],
  150: ['仍超时，二级督办', 'Still overdue: supervision 2'],
  200: ['仍超时，三级督办', 'Still overdue: supervision 3'],
};
const TOTAL: Pair = ['全程', 'whole run'];

/** What the grid worker found on the spot; `null`: the limit ran out first, and the system sent it back. */
function verdictWord(found: unknown): Pair {
  if (found === true) return ['核实：属实', 'Verified: it is true'];
  if (found === false) return ['核实：没有发现', 'Verified: nothing found'];
  return ['没人核实，自动转回', 'Nobody verified it: sent back by itself'];
}

/** As a log says it: the ladder’s moves, replies and reviews by what they were, a verification by what was found, all else by the verb. */
export function moveWord({ verb, payload }: Pick<WireMove, 'verb' | 'payload'>, locale: Locale): string {
  const rung = typeof payload.share === 'number' ? LADDER[payload.share] : undefined;
  if (rung !== undefined) return payload.clock === 'total' ? `${say(rung, locale)} (${say(TOTAL, locale)})` : say(rung, locale);
  if (payload.repeat === true) return say(['仍未办，再次提醒', 'Still not done: reminded again'], locale);
  if (verb === 'urge' && payload.review === true) return say(['请复核挂账', 'Asked to review the suspension'], locale);
  if (verb === 'supervise' && payload.review === true) return say(['挂账未复核，督办', 'Review not answered: supervised'], locale);
  if (verb === 'comment' && payload.review === true) return say(['挂账复核', 'Reviewed the suspension'], locale);
  if (verb === 'comment' && typeof payload.replyTo === 'number') return say(['回复督办', 'Replied to the supervision'], locale);
  if (verb === 'answerVerification') return say(verdictWord(payload.found), locale);
  if (verb === 'comment' && payload.notice === 'recounted') return say(['时限重算', 'Deadlines counted anew'], locale);
  return doneWord(verb, locale);
}

const PLACE: Readonly<Record<string, Pair>> = {
  cell: ['网格员', 'the grid worker'],
  community: ['社区', 'the community'],
  subdistrict: ['街道', 'the subdistrict'],
  unit: ['处置单位', 'the responding unit'],
  leader: ['包联领导', 'the linked leader'],
  district: ['区指挥中心', 'the district'],
};
/** A place that is told, by its kind. @param place for example `subdistrict:441802006`, `leader` */
export const placeWord = (place: string, locale: Locale) => say(PLACE[place.split(':')[0]!] ?? [place, place], locale);
