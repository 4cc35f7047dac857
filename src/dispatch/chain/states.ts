/**
 * The chain 网格发现 → 社区呼叫 → 街道统筹 → 分级响应 → 协同处置 → 核查结案 as one table.
 * Guards, the database's CHECK, permissions, the picture in docs/chain.md and the model check all read it.
 */

export const STATES = [
  { name: 'reported', zh: '已上报', step: '网格发现', clock: 'call', end: false },
  { name: 'verifying', zh: '立案前核查', step: '网格发现', clock: 'verification', end: false },
  { name: 'called', zh: '已呼叫', step: '社区呼叫', clock: 'accept', end: false },
  { name: 'coordinating', zh: '统筹中', step: '街道统筹', clock: 'dispatch', end: false },
  { name: 'dispatched', zh: '待签收', step: '分级响应', clock: 'acknowledge', end: false },
  { name: 'responding', zh: '已签收赶赴', step: '分级响应', clock: 'arrive', end: false },
  { name: 'handling', zh: '处置中', step: '协同处置', clock: 'resolve', end: false },
  { name: 'suspended', zh: '挂账', step: '协同处置', clock: 'resume', end: false },
  { name: 'disposed', zh: '待核查', step: '核查结案', clock: 'assignCheck', end: false },
  { name: 'checking', zh: '核查中', step: '核查结案', clock: 'check', end: false },
  { name: 'closed', zh: '已结案', step: '核查结案', clock: null, end: true },
  { name: 'rejected', zh: '不予受理', step: null, clock: null, end: true },
  { name: 'cancelled', zh: '已作废', step: null, clock: null, end: true },
  { name: 'merged', zh: '已并案', step: null, clock: null, end: true },
  { name: 'referred', zh: '已移送', step: null, clock: null, end: true },
] as const;

export type State = (typeof STATES)[number]['name'];
export type ClockName = NonNullable<(typeof STATES)[number]['clock']>;
export const STATE_NAMES = STATES.map((s) => s.name) as [State, ...State[]];
const STATE_BY_NAME = new Map<string, (typeof STATES)[number]>(STATES.map((s) => [s.name, s]));

export function stateRow(state: State): (typeof STATES)[number] {
  return STATE_BY_NAME.get(state)!;
}
export function isEnd(state: State): boolean {
  return stateRow(state).end;
}

/** Who may make a move: an account's role, or a part played in this one incident. */
export type By = 'gridWorker' | 'community' | 'subdistrict' | 'district' | 'unit' | 'leader' | 'system' | 'reporter' | 'leadUnit';

interface MoveRow {
  readonly from: State;
  readonly verb: string;
  readonly to: State;
  readonly by: readonly By[];
  /** Not a log row of its own: an assignment's verb carries this change of state. */
  readonly derived?: true;
}

export const MOVES = [
  { from: 'reported', verb: 'call', to: 'called', by: ['community', 'system'] },
  { from: 'reported', verb: 'requestVerification', to: 'verifying', by: ['community', 'subdistrict'] },
  { from: 'reported', verb: 'settleOnSpot', to: 'disposed', by: ['gridWorker', 'community'] },
  { from: 'reported', verb: 'reject', to: 'rejected', by: ['community'] },
  { from: 'reported', verb: 'withdraw', to: 'cancelled', by: ['reporter'] },
  { from: 'reported', verb: 'merge', to: 'merged', by: ['community', 'subdistrict'] },
  { from: 'verifying', verb: 'answerVerification', to: 'reported', by: ['gridWorker', 'system'] },
  { from: 'called', verb: 'accept', to: 'coordinating', by: ['subdistrict', 'system'] },
  { from: 'called', verb: 'returnCall', to: 'reported', by: ['subdistrict'] },
  { from: 'called', verb: 'raise', to: 'called', by: ['community', 'system'] },
  { from: 'called', verb: 'merge', to: 'merged', by: ['subdistrict'] },
  { from: 'called', verb: 'refer', to: 'referred', by: ['subdistrict'] },
  { from: 'coordinating', verb: 'dispatch', to: 'dispatched', by: ['subdistrict', 'district', 'system'] },
  { from: 'coordinating', verb: 'reject', to: 'rejected', by: ['subdistrict', 'district'] },
  { from: 'coordinating', verb: 'returnCall', to: 'reported', by: ['subdistrict'] },
  { from: 'coordinating', verb: 'merge', to: 'merged', by: ['subdistrict', 'district'] },
  { from: 'coordinating', verb: 'refer', to: 'referred', by: ['subdistrict', 'district'] },
  { from: 'coordinating', verb: 'raise', to: 'coordinating', by: ['subdistrict', 'system'] },
  { from: 'dispatched', verb: 'leadAcknowledged', to: 'responding', by: ['unit'], derived: true },
  { from: 'dispatched', verb: 'leadDeclined', to: 'coordinating', by: ['unit'], derived: true },
  { from: 'dispatched', verb: 'recall', to: 'coordinating', by: ['subdistrict', 'district'] },
  { from: 'dispatched', verb: 'abort', to: 'cancelled', by: ['subdistrict', 'district'] },
  { from: 'responding', verb: 'leadArrived', to: 'handling', by: ['unit'], derived: true },
  { from: 'responding', verb: 'acknowledgementLapsed', to: 'dispatched', by: ['system'], derived: true },
  { from: 'responding', verb: 'leadDeclined', to: 'coordinating', by: ['unit'], derived: true },
  { from: 'responding', verb: 'recall', to: 'coordinating', by: ['subdistrict', 'district'] },
  { from: 'responding', verb: 'abort', to: 'cancelled', by: ['subdistrict', 'district'] },
  { from: 'handling', verb: 'allFinished', to: 'disposed', by: ['system'], derived: true },
  { from: 'handling', verb: 'recall', to: 'coordinating', by: ['subdistrict', 'district'] },
  { from: 'handling', verb: 'suspend', to: 'suspended', by: ['subdistrict', 'district'] },
  { from: 'handling', verb: 'abort', to: 'cancelled', by: ['subdistrict', 'district'] },
  { from: 'suspended', verb: 'resume', to: 'handling', by: ['subdistrict', 'district', 'system'] },
  { from: 'disposed', verb: 'assignCheck', to: 'checking', by: ['system', 'subdistrict'] },
  { from: 'disposed', verb: 'acceptEvidence', to: 'closed', by: ['subdistrict'] },
  { from: 'checking', verb: 'confirmClose', to: 'closed', by: ['community', 'system'] },
  { from: 'checking', verb: 'failCheck', to: 'handling', by: ['gridWorker', 'community'] },
  { from: 'checking', verb: 'failSpotCheck', to: 'reported', by: ['gridWorker', 'community'] },
  { from: 'closed', verb: 'reopen', to: 'coordinating', by: ['community', 'subdistrict', 'system'] },
  { from: 'rejected', verb: 'appeal', to: 'called', by: ['reporter'] },
  { from: 'merged', verb: 'unmerge', to: 'reported', by: ['subdistrict', 'district'] },
  { from: 'referred', verb: 'returnReferral', to: 'coordinating', by: ['system', 'subdistrict'] },
  { from: 'coordinating', verb: 'forceClose', to: 'closed', by: ['district'] },
  { from: 'dispatched', verb: 'forceClose', to: 'closed', by: ['district'] },
  { from: 'handling', verb: 'forceClose', to: 'closed', by: ['district'] },
  { from: 'suspended', verb: 'forceClose', to: 'closed', by: ['district'] },
  { from: 'reported', verb: 'endDrill', to: 'cancelled', by: ['subdistrict', 'district'] },
  { from: 'verifying', verb: 'endDrill', to: 'cancelled', by: ['subdistrict', 'district'] },
  { from: 'called', verb: 'endDrill', to: 'cancelled', by: ['subdistrict', 'district'] },
  { from: 'coordinating', verb: 'endDrill', to: 'cancelled', by: ['subdistrict', 'district'] },
  { from: 'dispatched', verb: 'endDrill', to: 'cancelled', by: ['subdistrict', 'district'] },
  { from: 'responding', verb: 'endDrill', to: 'cancelled', by: ['subdistrict', 'district'] },
  { from: 'handling', verb: 'endDrill', to: 'cancelled', by: ['subdistrict', 'district'] },
  { from: 'suspended', verb: 'endDrill', to: 'cancelled', by: ['subdistrict', 'district'] },
  { from: 'disposed', verb: 'endDrill', to: 'cancelled', by: ['subdistrict', 'district'] },
  { from: 'checking', verb: 'endDrill', to: 'cancelled', by: ['subdistrict', 'district'] },
] as const satisfies readonly MoveRow[];

export const ASSIGNMENT_STATES = ['assigned', 'acknowledged', 'enRoute', 'onScene', 'finished', 'declined', 'released'] as const;
export type AssignmentState = (typeof ASSIGNMENT_STATES)[number];
/** The unit still has something to do. */
export const OPEN_ASSIGNMENT: ReadonlySet<AssignmentState> = new Set(['assigned', 'acknowledged', 'enRoute', 'onScene']);

/** `release` by the system: what a claim or a loan of 共建共治 sent is let go there once the claim or the loan is over. */
export const ASSIGNMENT_MOVES = [
  { from: 'assigned', verb: 'acknowledge', to: 'acknowledged', by: ['unit'] },
  { from: 'assigned', verb: 'decline', to: 'declined', by: ['unit'] },
  { from: 'assigned', verb: 'release', to: 'released', by: ['subdistrict', 'district', 'leadUnit', 'system'] },
  { from: 'acknowledged', verb: 'depart', to: 'enRoute', by: ['unit'] },
  { from: 'acknowledged', verb: 'arrive', to: 'onScene', by: ['unit'] },
  { from: 'acknowledged', verb: 'decline', to: 'declined', by: ['unit'] },
  { from: 'acknowledged', verb: 'release', to: 'released', by: ['subdistrict', 'district', 'leadUnit', 'system'] },
  { from: 'acknowledged', verb: 'lapse', to: 'assigned', by: ['system'] },
  { from: 'enRoute', verb: 'arrive', to: 'onScene', by: ['unit'] },
  { from: 'acknowledged', verb: 'finish', to: 'finished', by: ['unit'] },
  { from: 'enRoute', verb: 'finish', to: 'finished', by: ['unit'] },
  { from: 'enRoute', verb: 'decline', to: 'declined', by: ['unit'] },
  { from: 'enRoute', verb: 'release', to: 'released', by: ['subdistrict', 'district', 'leadUnit', 'system'] },
  { from: 'onScene', verb: 'finish', to: 'finished', by: ['unit'] },
  { from: 'onScene', verb: 'release', to: 'released', by: ['subdistrict', 'district', 'leadUnit', 'system'] },
  { from: 'finished', verb: 'rework', to: 'acknowledged', by: ['system'] },
] as const satisfies readonly { from: AssignmentState; verb: string; to: AssignmentState; by: readonly By[] }[];

/** Verbs of one assignment that are log rows of their own; `rework` happens inside `failCheck`. */
export type AssignmentVerb = Exclude<(typeof ASSIGNMENT_MOVES)[number]['verb'], 'rework'>;
export type IncidentVerb = Exclude<(typeof MOVES)[number], { derived: true }>['verb'];

const LIVE = STATES.filter((s) => !s.end).map((s) => s.name);

/**
 * Moves that leave the state as it is, but are logged and pushed. `by` is ours: the rules name the verbs, not who;
 * asking and granting an extension are told apart by the command.
 */
export const MARKS = [
  {
    verb: 'extend',
    states: ['called', 'coordinating', 'dispatched', 'responding', 'handling'],
    by: ['leadUnit', 'community', 'subdistrict', 'district'],
  },
  { verb: 'urge', states: LIVE, by: ['reporter', 'community', 'subdistrict', 'district', 'leader', 'system'] },
  { verb: 'supervise', states: LIVE, by: ['subdistrict', 'district', 'leader', 'system'] },
  {
    verb: 'regrade',
    states: ['reported', 'verifying', 'called', 'coordinating', 'dispatched', 'responding', 'handling'],
    by: ['community', 'subdistrict', 'district'],
  },
  // The system: a member unit that claimed what the incident needs, or a resource that was booked for it, joins.
  { verb: 'addUnit', states: ['dispatched', 'responding', 'handling'], by: ['subdistrict', 'district', 'leadUnit', 'system'] },
  {
    verb: 'comment',
    states: LIVE,
    by: ['reporter', 'gridWorker', 'community', 'subdistrict', 'district', 'unit', 'leader', 'system'],
  },
  { verb: 'attach', states: LIVE, by: ['reporter', 'gridWorker', 'community', 'subdistrict', 'district', 'unit'] },
  { verb: 'arbitrate', states: ['coordinating'], by: ['subdistrict', 'district'] },
] as const satisfies readonly { verb: string; states: readonly State[]; by: readonly By[] }[];
export type MarkVerb = (typeof MARKS)[number]['verb'];

/** States in which units are at work, so an assignment can move. */
export const ASSIGNMENT_MOVES_IN = ['dispatched', 'responding', 'handling'] as const satisfies readonly State[];

/**
 * Changes of the incident's state that an assignment's verb may carry, besides leaving it as it is.
 * The derived rows of MOVES, said by the verb that causes them.
 */
export const CARRIED = [
  { verb: 'acknowledge', from: 'dispatched', to: 'responding' },
  { verb: 'arrive', from: 'responding', to: 'handling' },
  { verb: 'finish', from: 'responding', to: 'handling' },
  { verb: 'finish', from: 'responding', to: 'disposed' },
  { verb: 'finish', from: 'handling', to: 'disposed' },
  { verb: 'decline', from: 'dispatched', to: 'coordinating' },
  { verb: 'decline', from: 'responding', to: 'coordinating' },
  { verb: 'decline', from: 'handling', to: 'disposed' },
  { verb: 'release', from: 'handling', to: 'disposed' },
  { verb: 'lapse', from: 'responding', to: 'dispatched' },
] as const satisfies readonly { verb: AssignmentVerb; from: State; to: State }[];

const ASSIGNMENT_VERBS = [...new Set(ASSIGNMENT_MOVES.map((m) => m.verb).filter((v) => v !== 'rework'))] as AssignmentVerb[];

export type Verb = 'report' | IncidentVerb | AssignmentVerb | MarkVerb;

/** What a log row may say; `from` is `none` for the first row of an incident. */
export interface LoggedMove {
  readonly from: State | 'none';
  readonly verb: Verb;
  readonly to: State;
}

/** Every (from, verb, to) that a log row may record. */
export const LOGGED_MOVES: readonly LoggedMove[] = [
  { from: 'none', verb: 'report', to: 'reported' },
  ...MOVES.filter((m): m is Exclude<(typeof MOVES)[number], { derived: true }> => !('derived' in m)).map(({ from, verb, to }) => ({
    from,
    verb,
    to,
  })),
  // A force close is proposed by one district account and confirmed by another: the proposal leaves the state as it is.
  ...MOVES.filter((m) => m.verb === 'forceClose').map(({ from }) => ({ from, verb: 'forceClose' as const, to: from })),
  ...MARKS.flatMap((m) => m.states.map((s) => ({ from: s, verb: m.verb, to: s }))),
  ...ASSIGNMENT_VERBS.flatMap((verb) =>
    ASSIGNMENT_MOVES_IN.filter((s) => !(verb === 'lapse' && s === 'handling')).map((s) => ({ from: s, verb, to: s })),
  ),
  ...CARRIED,
];

/**
 * PostgreSQL: body of the function behind the log's CHECK, so that a row can only record a move that the table has.
 * The migration holds this text; a spec compares it with the function in the database.
 */
export function moveCheckSql(): string {
  const moves = LOGGED_MOVES.map((m) => `${m.from} ${m.verb} ${m.to}`);
  return `begin return (from_state || ' ' || verb || ' ' || to_state) = any ('{${moves.join(', ')}}'::text[]); end`;
}

export const VERBS = [...new Set(LOGGED_MOVES.map((m) => m.verb))] as [Verb, ...Verb[]];
