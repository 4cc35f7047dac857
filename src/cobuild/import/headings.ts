/**
 * The headings of the tables that go out and come in: what a column is called in either language, what its values are called, and one example.
 * Both ways read this table, so a file that was taken out can be brought in. Pure.
 */
import { ACTIVITY_STATES, OPEN_TO } from '../chain/activity.ts';
import { RESOURCE_KINDS } from '../chain/booking.ts';
import { CONFERENCE_STATES } from '../chain/conference.ts';
import { LINKS } from '../chain/links.ts';
import { ORG_KIND_WORDS, ORG_KINDS } from '../chain/member.ts';
import { CLAIM_STATES } from '../chain/need.ts';
import { TASK_STATES } from '../chain/project.ts';

interface Value {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
}

export interface Heading {
  readonly zh: string;
  readonly en: string;
  /** In the row that a template shows: invented, and good enough to be read without fault. */
  readonly example: string;
  /** What a cell may hold, by code or by either word; others are left as they are written. */
  readonly values?: readonly Value[];
  /** Several of the values in one cell. */
  readonly many?: boolean;
}

const heading = (zh: string, en: string, example: string, values?: readonly Value[]): Heading =>
  values === undefined ? { zh, en, example } : { zh, en, example, values };
const statesOf = (states: readonly { readonly name: string; readonly zh: string; readonly en: string }[]): readonly Value[] =>
  states.map(({ name, zh, en }) => ({ code: name, zh, en }));
const value = (code: string, zh: string, en: string): Value => ({ code, zh, en });

const ORG_KIND_VALUES = ORG_KINDS.map((code) => value(code, ORG_KIND_WORDS[code].zh, ORG_KIND_WORDS[code].en));
const OPEN_TO_WORDS = { members: ['委员单位', 'Members'], everybody: ['所有人', 'Everybody'] } as const;
const OPEN_TO_VALUES = OPEN_TO.map((code) => value(code, OPEN_TO_WORDS[code][0], OPEN_TO_WORDS[code][1]));
/** A file has meetings that are to be or were; the steps between are made here. */
const CONFERENCES_OF_FILES = statesOf(CONFERENCE_STATES.filter(({ name }) => name === 'held' || name === 'planned'));
const YES_NO = [value('1', '是', 'yes'), value('0', '否', 'no')];

const code = heading('编码', 'Code', 'example-01');
const committee = heading('委员会编码', 'Committee code', 'ximentang');
const link = heading('五联', 'Link', '社区问题联解', LINKS);

export const HEADINGS = {
  committees: {
    code,
    tier: heading('层级', 'Tier', '社区', [value('subdistrict', '街镇', 'Subdistrict'), value('community', '社区', 'Community')]),
    place: heading('区域', 'Place', '441802006020'),
    name_zh: heading('名称', 'Name (Chinese)', '演示·西门塘社区大党委'),
    name_en: heading('名称（英文）', 'Name', 'Demo Ximentang Community Committee'),
    founded: heading('成立', 'Founded', '2027-01-04'),
    quarter: heading('会商季度', 'Quarter', ''),
    conference_on: heading('本季会商', 'Conference of the quarter', ''),
    conference_state: heading('会商状态', 'State of the conference', '', [...CONFERENCES_OF_FILES, value('missing', '未排期', 'no date')]),
    venue_zh: heading('会商地点', 'Venue (Chinese)', ''),
    venue_en: heading('会商地点（英文）', 'Venue', ''),
  },
  members: {
    code,
    committee,
    org_zh: heading('单位', 'Body (Chinese)', '演示·诊所'),
    org_en: heading('单位（英文）', 'Body', 'Demo Clinic'),
    org_kind: heading('单位类别', 'Kind of body', '医疗', ORG_KIND_VALUES),
    person_zh: heading('姓名', 'Name (Chinese)', '演示·岳'),
    person_en: heading('姓名（英文）', 'Name', 'Demo Yue'),
    post_zh: heading('单位职务', 'Post (Chinese)', '党支部书记'),
    post_en: heading('单位职务（英文）', 'Post', 'Party branch secretary'),
    appointed: heading('任期起', 'Term from', '2027-01-04'),
    term_end: heading('任期止', 'Term until', '2029-12-31'),
    certificate: heading('聘书编号', 'Certificate', '演聘-2027-901'),
    unit: heading('处置单位', 'Responding unit', ''),
  },
  leaders: {
    code,
    person_zh: heading('姓名', 'Name (Chinese)', '演示·黎'),
    person_en: heading('姓名（英文）', 'Name', 'Demo Li'),
    post_zh: heading('职务', 'Post (Chinese)', '凤城街道包联领导'),
    post_en: heading('职务（英文）', 'Post', 'Linked leader, Fengcheng'),
    subdistrict: heading('街镇', 'Subdistrict', '441802006'),
    communities: heading('包联社区', 'Communities', '441802006020;441802006021'),
  },
  conferences: {
    code,
    committee,
    quarter: heading('季度', 'Quarter', '2028Q2'),
    held_on: heading('日期', 'Day', '2028-05-18'),
    begins: heading('开始', 'Begins', '15:00'),
    venue_zh: heading('地点', 'Venue (Chinese)', '社区会议室'),
    venue_en: heading('地点（英文）', 'Venue', 'Community hall'),
    state: heading('状态', 'State', '已排期', CONFERENCES_OF_FILES),
    minutes_zh: heading('纪要', 'Minutes', ''),
  },
  resolutions: {
    code,
    conference: heading('会商', 'Conference', 'ximentang-2026q4'),
    text_zh: heading('议定的事', 'Resolution', '演示·划出消防通道'),
    owner: heading('承办', 'Owner', 'community:441802006020'),
    due_on: heading('期限', 'Due', '2027-06-30'),
    progress_zh: heading('进展', 'Progress', ''),
    outcome_zh: heading('结果', 'Outcome', ''),
  },
  agreements: {
    code,
    committee,
    member: heading('单位编码', 'Member code', 'ximentang-01'),
    links: { ...heading('五联', 'Links', '资源联享、社区问题联解', LINKS), many: true },
    signed: heading('签订', 'Signed', '2027-01-04'),
    ends: heading('止', 'Until', '2029-01-03'),
    commitment_zh: heading('承诺', 'Commitment (Chinese)', '演示·每季度两次义诊'),
    commitment_en: heading('承诺（英文）', 'Commitment', 'Demo: two clinics a quarter'),
    becomes: heading('转为', 'Becomes', '', [value('need', '需求', 'Need'), value('resource', '资源', 'Resource')]),
    becomes_code: heading('转为编码', 'Becomes code', ''),
  },
  plans: {
    code,
    parent: heading('上级', 'Parent', '无', [value('none', '无', 'none')]),
    level: heading('层次', 'Level', '计划', [
      value('plan', '计划', 'Plan'),
      value('phase', '阶段', 'Phase'),
      value('task', '任务', 'Task'),
    ]),
    place: heading('区域', 'Place', '441802'),
    owner_unit: heading('责任单位', 'Owner', 'fengcheng-governance'),
    name_zh: heading('名称', 'Name (Chinese)', '演示·一季度作战图'),
    name_en: heading('名称（英文）', 'Name', 'Demo first-quarter wall'),
    starts: heading('起', 'Starts', '2027-01-04'),
    ends: heading('止', 'Ends', '2027-03-31'),
    measure_zh: heading('计量', 'Measure (Chinese)', '任务完成数'),
    measure_en: heading('计量（英文）', 'Measure', 'tasks done'),
    target: heading('目标', 'Target', '10'),
    done: heading('完成', 'Done', '0'),
  },
  needs: {
    code,
    committee,
    link,
    title_zh: heading('需求', 'Need (Chinese)', '演示·周末护河岗'),
    title_en: heading('需求（英文）', 'Need', 'Demo riverside guards'),
    quantity: heading('数量', 'Quantity', '6'),
    unit_zh: heading('单位', 'Unit (Chinese)', '人'),
    unit_en: heading('单位（英文）', 'Unit', 'people'),
    published: heading('发布', 'Published', '2027-01-04'),
    due: heading('截止', 'Due', '2027-03-31'),
    from_category: heading('来自类别', 'From category', ''),
  },
  claims: {
    code,
    need: heading('需求编码', 'Need code', 'need-02'),
    member: heading('认领单位编码', 'Member code', 'fengcheng-union-02'),
    quantity: heading('数量', 'Quantity', '1'),
    claimed_on: heading('认领日期', 'Claimed on', '2027-01-04'),
    due: heading('完成期限', 'Due', '2027-03-31'),
    state: heading('状态', 'State', '已认领，待服务', statesOf(CLAIM_STATES.slice(0, 3))),
  },
  resources: {
    code,
    member: heading('单位编码', 'Member code', 'ximentang-01'),
    kind: heading('类别', 'Kind', '场地', RESOURCE_KINDS),
    name_zh: heading('名称', 'Name (Chinese)', '演示·会议室'),
    name_en: heading('名称（英文）', 'Name', 'Demo meeting room'),
    quantity: heading('数量', 'Quantity', '1'),
    unit_zh: heading('计量', 'Unit (Chinese)', '间'),
    unit_en: heading('计量（英文）', 'Unit', 'room'),
    hours: heading('时段', 'Hours', '09:00-21:00'),
    notice_minutes: heading('提前（分）', 'Notice, minutes', '1440'),
    community: heading('所在社区', 'Community', '441802006020'),
    lng: heading('经度', 'Longitude', '113.02'),
    lat: heading('纬度', 'Latitude', '23.7'),
    callable: heading('可调用', 'Callable', '否', YES_NO),
    stands_for_type: heading('相当于单位类型', 'Stands for unit type', ''),
    condition_zh: heading('条件', 'Condition (Chinese)', ''),
    condition_en: heading('条件（英文）', 'Condition', ''),
  },
  projects: {
    code,
    committee,
    link,
    title_zh: heading('项目', 'Project (Chinese)', '演示·充电点改造'),
    title_en: heading('项目（英文）', 'Project', 'Demo charging points'),
    starts: heading('起', 'Starts', '2027-01-04'),
    ends: heading('止', 'Ends', '2027-06-30'),
    note_zh: heading('说明', 'Note', ''),
  },
  project_tasks: {
    code,
    project: heading('项目编码', 'Project code', 'pro-01'),
    title_zh: heading('任务', 'Task (Chinese)', '演示·勘查供电容量'),
    title_en: heading('任务（英文）', 'Task', 'Demo survey of the supply'),
    due: heading('期限', 'Due', '2027-02-01'),
    member: heading('认领单位编码', 'Member code', ''),
    percent: heading('进度 %', 'Done %', '0'),
    state: heading('状态', 'State', '待认领', statesOf(TASK_STATES.slice(0, 4))),
    note_zh: heading('说明', 'Note', ''),
  },
  activities: {
    code,
    committee,
    link,
    title_zh: heading('活动', 'Activity (Chinese)', '演示·便民服务日'),
    title_en: heading('活动（英文）', 'Activity', 'Demo service day'),
    venue_zh: heading('地点', 'Venue', '社区广场'),
    members: heading('联办单位编码', 'Member codes', 'ximentang-01'),
    held_on: heading('日期', 'Day', '2028-03-05'),
    begins: heading('开始', 'Begins', '09:00'),
    ends: heading('结束', 'Ends', '11:30'),
    capacity: heading('名额', 'Room', '60'),
    open_to: heading('面向', 'Open to', '所有人', OPEN_TO_VALUES),
    state: heading('状态', 'State', '报名中', statesOf(ACTIVITY_STATES.slice(0, 2))),
    note_zh: heading('说明', 'Note', ''),
    outcome_zh: heading('结果', 'Outcome', ''),
  },
} as const satisfies Record<string, Readonly<Record<string, Heading>>>;
export type ImportName = keyof typeof HEADINGS;
type Headings = Readonly<Record<string, Heading>>;

export function headingsOf(table: ImportName): Headings {
  return HEADINGS[table];
}

/** Column ← its name, or its heading in either language; anything else is left as it is written. */
export function columnOf(headings: Headings, written: string): string {
  if (Object.hasOwn(headings, written)) return written;
  return Object.entries(headings).find(([, { zh, en }]) => zh === written || en === written)?.[0] ?? written;
}

/** What a cell says, in codes: `党建工作联抓、资源联享` → `party;resource`. */
export function codesIn({ values, many = false }: Heading, text: string): string {
  if (values === undefined || text === '') return text;
  const parts = many ? text.split(/[;；、]/) : [text];
  const codes = parts.map((part) => {
    const word = part.trim();
    // Keyboards have the straight apostrophe.
    const plain = word.replaceAll("'", '’');
    return values.find((one) => one.code === word || one.zh === word || one.en === plain)?.code ?? word;
  });
  return codes.join(';');
}

/** A code of a cell in words; one without a word stays a code. */
export function wordIn({ values = [] }: Heading, code: string, language: 'zh-CN' | 'en'): string {
  const found = values.find((one) => one.code === code);
  return found === undefined ? code : found[language === 'zh-CN' ? 'zh' : 'en'];
}
