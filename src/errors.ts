/**
 * Every refusal that a person or a client can meet: its status, what happened and what to do next, in both languages.
 * Answers are RFC 9457 `application/problem+json`; `code` is stable.
 */
import { COBUILD_PROBLEMS } from './cobuild/chain/refusals.ts';
import type { RefusalCode } from './dispatch/chain/refusals.ts';
import { EVIDENCE_PROBLEMS, type EvidenceCode } from './evidence/refusals.ts';
import { ROSTER_PROBLEMS, type RosterCode } from './grid/rosters/refusals.ts';

/** Codes of the edges: signing in, bodies, photos, places. The chain's own are in `dispatch/chain/refusals.ts`. */
export type EdgeCode =
  | 'wrong-credentials'
  | 'too-many-attempts'
  | 'not-signed-in'
  | 'not-allowed'
  | 'foreign-origin'
  | 'not-found'
  | 'malformed-json'
  | 'invalid-body'
  | 'invalid-query'
  | 'body-too-large'
  | 'unsupported-media-type'
  | 'idempotency-key-missing'
  | 'idempotency-key-reused'
  | 'outside-district'
  | 'unknown-category'
  | 'unknown-area'
  | 'responsibility-exists'
  | 'proposal-answered'
  | 'unknown-checker'
  | 'found-in-future'
  | 'run-card-unfilled'
  | 'alarm-unfilled'
  | 'settings-changed'
  | 'nothing-changed'
  | 'invalid-calendar'
  | 'residents-may-not-report'
  | 'resident-kind-needed'
  | 'too-many-requests'
  | 'too-many-reports'
  | 'wrong-resident-code'
  | 'rating-not-open'
  | 'already-rated'
  | 'push-endpoint-refused'
  | 'push-not-subscribed'
  | 'export-too-large'
  | 'method-not-allowed'
  | 'busy'
  | 'database-unavailable'
  | 'internal';
export type ProblemCode = RefusalCode | EdgeCode | EvidenceCode | RosterCode | keyof typeof COBUILD_PROBLEMS;

interface ProblemRow {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503;
  readonly title: string;
  readonly zh: string;
  readonly en: string;
}

/** One row per code: adding a code without a row does not compile. `zh` and `en` say what to do next. */
export const PROBLEMS = {
  'no-such-move': {
    status: 409,
    title: 'No such move',
    zh: '现在的状态不能这样办，请刷新后看“下一步”',
    en: 'Not possible in this state. Reload and look at the next steps.',
  },
  'not-yours': {
    status: 403,
    title: 'Not yours',
    zh: '这一步不归你办，请联系有权办理的人',
    en: 'This step belongs to somebody else. Ask those who may take it.',
  },
  'version-conflict': {
    status: 409,
    title: 'Version conflict',
    zh: '刚有人动过这件，请看过最新情况再办',
    en: 'Somebody moved it meanwhile. Look at it again, then decide.',
  },
  'no-supervision': {
    status: 422,
    title: 'No open supervision',
    zh: '没有这条待回复的督办，可能已经回复，请刷新',
    en: 'No such supervision waits for a reply; perhaps it was answered. Reload.',
  },
  'no-review': {
    status: 422,
    title: 'No open review',
    zh: '现在没有待答复的挂账复核，请刷新',
    en: 'No review of the suspension waits for an answer. Reload.',
  },
  'nothing-to-recount': {
    status: 409,
    title: 'Nothing to recount',
    zh: '时限没有变化，不用重算',
    en: 'No deadline changes, so nothing is counted again.',
  },
  'no-lead-unit': { status: 422, title: 'No lead unit', zh: '还没选主办单位，请选一个', en: 'Choose a lead unit.' },
  'unknown-unit': { status: 422, title: 'Unknown unit', zh: '没有这个单位，请从单位表里选', en: 'No such unit. Choose one from the list.' },
  'unit-may-not-lead': {
    status: 422,
    title: 'Unit may not lead',
    zh: '这个单位只能协办，请换一个主办',
    en: 'This unit may only assist. Choose another lead.',
  },
  'unit-already-sent': { status: 422, title: 'Unit already sent', zh: '这个单位已经在办，不用再派', en: 'This unit is already on it.' },
  'unknown-assignment': { status: 422, title: 'Unknown assignment', zh: '没有这条派遣，请刷新', en: 'No such assignment. Reload.' },
  'not-settled-on-spot': {
    status: 409,
    title: 'Not settled on the spot',
    zh: '不是即查即改的事件，请用“核查不通过”',
    en: 'It was not settled on the spot. Use the failed check instead.',
  },
  'not-for-this-category': {
    status: 422,
    title: 'Not for this category',
    zh: '这一类不能当场办结，请按流程上报',
    en: 'This category cannot be settled on the spot. Report it.',
  },
  'evidence-not-enough': {
    status: 422,
    title: 'Evidence is not enough',
    zh: '这一级不能只看照片结案，请安排核查',
    en: 'This level needs a check on the spot. Assign one.',
  },
  'checker-is-handler': {
    status: 422,
    title: 'Checker is a handler',
    zh: '办的人不能自己核查，请换一个人',
    en: 'Who handled it cannot check it. Choose somebody else.',
  },
  'lead-not-released': {
    status: 422,
    title: 'The lead is never released',
    zh: '主办不能撤，请用“收回”',
    en: 'The lead is not released. Recall instead.',
  },
  'decline-used-up': {
    status: 422,
    title: 'Decline used up',
    zh: '你已退过一次，不能再退，请联系街道',
    en: 'You declined once already. Talk to the subdistrict.',
  },
  'decline-overruled': {
    status: 422,
    title: 'Ruled to be yours',
    zh: '街道已裁定由你办，不能再退',
    en: 'The subdistrict ruled that it is yours.',
  },
  'no-arbitration': {
    status: 422,
    title: 'Nothing to arbitrate',
    zh: '退单还不到三次，不用裁定，可直接派遣',
    en: 'Fewer than three declines: dispatch it instead.',
  },
  'extension-not-allowed': { status: 422, title: 'No extension', zh: '不能再延期，请抓紧办', en: 'No further extension for this level.' },
  'extension-not-asked': { status: 422, title: 'No extension asked', zh: '没有人申请延期', en: 'Nobody asked for an extension.' },
  'extension-already-asked': {
    status: 409,
    title: 'Extension already asked',
    zh: '已申请过延期，请等答复',
    en: 'Already asked. Wait for the answer.',
  },
  'second-person-needed': {
    status: 422,
    title: 'A second person is needed',
    zh: '要由另一个人来确认',
    en: 'Another person has to confirm.',
  },
  'already-overdue': { status: 422, title: 'Already overdue', zh: '已经超时，不能再申请延期', en: 'It is overdue: too late to ask.' },
  'missing-field': { status: 422, title: 'Something is missing', zh: '还有没填的，请补上', en: 'Fill in what is missing.' },
  'suspend-not-allowed': { status: 422, title: 'No suspension', zh: '这一级不能挂账', en: 'This level is never suspended.' },
  'suspend-too-long': { status: 422, title: 'Suspended for too long', zh: '挂账时间太长，请改短', en: 'Choose an earlier date.' },
  'date-in-past': { status: 422, title: 'Date in the past', zh: '时间已过，请选以后的时间', en: 'Choose a later time.' },
  'merge-target-missing': {
    status: 422,
    title: 'Nothing to merge into',
    zh: '找不到要并入的事件，请重选',
    en: 'Cannot find the other incident. Choose again.',
  },
  'merge-target-ended': {
    status: 422,
    title: 'The other one has ended',
    zh: '那件已经结束，不能并入',
    en: 'The other incident has ended.',
  },
  'drill-and-real': {
    status: 422,
    title: 'A drill and an incident in earnest',
    zh: '演练和真实事件不能并在一起，请重选',
    en: 'A drill is never merged with an incident in earnest. Choose another.',
  },
  'not-a-drill': { status: 422, title: 'Not a drill', zh: '这件不是演练，请按流程办结', en: 'This is no drill. Close it step by step.' },
  'too-late': { status: 422, title: 'Too late', zh: '已过期限，不能再办', en: 'The time for this has passed.' },
  'same-level': { status: 422, title: 'Same level', zh: '等级没有变，请选别的等级', en: 'It has that level already.' },
  'wrong-credentials': { status: 401, title: 'Wrong account or password', zh: '账号或密码不对，请再试', en: 'Check account and password.' },
  'too-many-attempts': { status: 429, title: 'Too many attempts', zh: '输错太多次，请过一会儿再试', en: 'Wait, then try again.' },
  'not-signed-in': {
    status: 401,
    title: 'Not signed in',
    zh: '登录已过期，请重新登录，填的内容还在',
    en: 'Sign in again. What you typed is kept.',
  },
  'not-allowed': { status: 403, title: 'Not allowed', zh: '你的账号不能看这里', en: 'Your account may not do this.' },
  'foreign-origin': { status: 403, title: 'Foreign origin', zh: '请从本系统的页面操作', en: 'Use the pages of this service.' },
  'not-found': { status: 404, title: 'Not found', zh: '没有找到，或不在你的范围内', en: 'Not there, or outside your scope.' },
  'malformed-json': { status: 400, title: 'Malformed JSON', zh: '内容格式不对，请重发', en: 'Send valid JSON.' },
  'invalid-body': { status: 422, title: 'Invalid body', zh: '有内容没填对，请改过再送', en: 'Mend the fields named in errors.' },
  'invalid-query': { status: 422, title: 'Invalid query', zh: '查询条件不对，请改过再查', en: 'Mend the query named in errors.' },
  'export-too-large': {
    status: 422,
    title: 'Export too large',
    zh: '导出的行太多，请缩短时段或只选一个街镇',
    en: 'Too many rows. Choose fewer days or one subdistrict.',
  },
  'body-too-large': { status: 413, title: 'Body too large', zh: '内容太大，请减少后再送', en: 'Send less at once.' },
  'unsupported-media-type': {
    status: 415,
    title: 'Unsupported media type',
    zh: '不支持这种格式',
    en: 'Send the media type that is named in the documentation.',
  },
  'idempotency-key-missing': {
    status: 422,
    title: 'Idempotency-Key is missing',
    zh: '缺少 Idempotency-Key，请加上一个 UUID',
    en: 'Add the header Idempotency-Key with a UUID.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'Idempotency-Key reused',
    zh: '同一个编号送了不同的内容，请换新编号',
    en: 'The same key came with another body. Use a new key.',
  },
  'outside-district': {
    status: 422,
    title: 'Outside the district',
    zh: '位置在区外，请挪一下',
    en: 'The position is outside the district. Move it.',
  },
  'unknown-category': {
    status: 422,
    title: 'Unknown category',
    zh: '没有这个类别，请从类别表里选',
    en: 'No such category. Choose one from the list.',
  },
  'unknown-checker': {
    status: 422,
    title: 'Unknown checker',
    zh: '没有这个核查人，或他不在这一片，请另选',
    en: 'No such account here that may check. Choose another.',
  },
  'unknown-area': {
    status: 422,
    title: 'Unknown area',
    zh: '没有这个区域，请选区、街镇或社区',
    en: 'Choose the district, a subdistrict or a community.',
  },
  'responsibility-exists': {
    status: 409,
    title: 'There is a rule already',
    zh: '这一类、这一权属、这一片已有一条规则，要改请先终止原来的',
    en: 'This category, ownership and area has a rule already. End that one first.',
  },
  'proposal-answered': {
    status: 409,
    title: 'Already answered',
    zh: '这条建议已有人答复，请刷新',
    en: 'Somebody answered this proposal meanwhile. Reload.',
  },
  'found-in-future': {
    status: 422,
    title: 'Found in the future',
    zh: '发现时间在以后，请检查手机时间',
    en: 'Check the clock of the device.',
  },
  'run-card-unfilled': {
    status: 422,
    title: 'Run card not filled',
    zh: '响应预案派不出主办，请手工选单位',
    en: 'The run card found no lead. Choose units by hand.',
  },
  'alarm-unfilled': {
    status: 422,
    title: 'Further alarm not filled',
    zh: '再次出动一队也派不出，请看每一项的原因，手工选单位',
    en: 'The next alarm found nobody. Read why for each place, then choose units by hand.',
  },
  'settings-changed': {
    status: 409,
    title: 'Settings changed meanwhile',
    zh: '刚有人改过，请重新载入再存，你的改动还在',
    en: 'Somebody changed it meanwhile. Load it again and save; your changes are kept.',
  },
  'nothing-changed': { status: 422, title: 'Nothing changed', zh: '没有改动，请先改一处', en: 'Change something first.' },
  'invalid-calendar': {
    status: 422,
    title: 'Calendar not valid',
    zh: '日历有没填对的，请按提示改',
    en: 'Mend what is named in faults.',
  },
  'residents-may-not-report': {
    status: 403,
    title: 'No reports without an account',
    zh: '这里还不能网上报，请到社区居委会说，或打 12345',
    en: 'This district takes no reports here. Tell your community, or call 12345.',
  },
  'resident-kind-needed': {
    status: 422,
    title: 'What is it?',
    zh: '请选最像的一类；都不像就打 12345，急事打 110、119、120',
    en: 'Choose what it is most like. If nothing fits call 12345; in an emergency 110, 119 or 120.',
  },
  'too-many-requests': { status: 429, title: 'Too many requests', zh: '看得太快了，请等一会儿再试', en: 'Wait a little, then try again.' },
  'too-many-reports': {
    status: 429,
    title: 'Too many reports',
    zh: '现在报的人太多，请晚点再报；急事打 110、119、120',
    en: 'Too many report at this moment. Try again later; in an emergency call 110, 119 or 120.',
  },
  'wrong-resident-code': {
    status: 403,
    title: 'Wrong code',
    zh: '评价码不对，请重新扫单子上的二维码',
    en: 'Scan the QR code on the slip again.',
  },
  'rating-not-open': {
    status: 409,
    title: 'Not open for rating',
    zh: '办好之后 15 天内可以评价',
    en: 'It can be rated for 15 days once it is done.',
  },
  'already-rated': {
    status: 409,
    title: 'Rated already',
    zh: '这件已经评过了；要改请用评价时的手机，24 小时内可改',
    en: 'Somebody rated it already. Who did may change it within 24 hours, on the same device.',
  },
  'push-endpoint-refused': {
    status: 422,
    title: 'Push endpoint refused',
    zh: '这个浏览器的推送地址不能用，请换一个浏览器，或让页面一直开着',
    en: 'This browser’s push address cannot be used. Use another browser, or keep the page open.',
  },
  'push-not-subscribed': {
    status: 409,
    title: 'Not subscribed',
    zh: '这台设备还没打开推送，请先打开再试',
    en: 'Web push is not on at this device. Switch it on first.',
  },
  'method-not-allowed': { status: 405, title: 'Method not allowed', zh: '不支持这种操作', en: 'See /openapi.json for what is possible.' },
  ...EVIDENCE_PROBLEMS,
  ...ROSTER_PROBLEMS,
  ...COBUILD_PROBLEMS,
  busy: { status: 503, title: 'Busy', zh: '现在很忙，内容没丢，稍后自动再试', en: 'Try again shortly. Nothing was written.' },
  'database-unavailable': {
    status: 503,
    title: 'Database unavailable',
    zh: '暂时写不进去，内容没丢，稍后再试',
    en: 'Try again shortly. Under the same Idempotency-Key nothing is lost and nothing done twice.',
  },
  internal: {
    status: 500,
    title: 'Internal error',
    zh: '系统出错，已记录，请再试一次',
    en: 'Something broke here. It is logged; try again.',
  },
} as const satisfies Record<ProblemCode, ProblemRow>;

/** Thrown by stores and routes for what is not a refusal of the chain; the app turns it into problem+json. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, options: { detail?: string; extra?: Record<string, unknown>; headers?: Record<string, string> } = {}) {
    super(options.detail ?? PROBLEMS[code].title);
    this.name = 'Problem';
    this.code = code;
    this.detail = options.detail;
    this.extra = options.extra ?? {};
    this.headers = options.headers ?? {};
  }
}

/** What stands in the way is named in the words: `{hours}` by `about.hours`. Where nothing is, as in the docs, an ellipsis. */
function filledWith(text: string, about: unknown): string {
  const values = (about ?? {}) as Readonly<Record<string, unknown>>;
  return text.replace(/\{([a-z]+)\}/gi, (_, name: string) => (Object.hasOwn(values, name) ? String(values[name]) : '…'));
}

/** The body of an RFC 9457 answer. */
export function problemBody(code: ProblemCode, detail?: string, extra: Readonly<Record<string, unknown>> = {}) {
  const { title, status, zh, en } = PROBLEMS[code];
  const whatToDo = { 'zh-CN': filledWith(zh, extra['about']), en: filledWith(en, extra['about']) };
  return { type: `/problems/${code}`, title, status, code, detail: detail ?? whatToDo.en, whatToDo, ...extra };
}
