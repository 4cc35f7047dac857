/** What is wrong with a file: the row as a person counts it, the column, what is wrong and what to do, in both languages. Pure. */

export interface Words {
  readonly 'zh-CN': string;
  readonly en: string;
}

export interface Finding {
  /** As a spreadsheet counts: the header is row 1. For GeoJSON the number of the feature, from 1. null: the file as a whole. */
  readonly row: number | null;
  readonly column: string | null;
  readonly code: FaultCode;
  readonly what: Words;
  readonly whatToDo: Words;
}

interface Fault {
  readonly zh: string;
  readonly en: string;
  readonly doZh: string;
  readonly doEn: string;
}

/** `{name}` is filled in. One row per fault: a code without words does not compile. */
const FAULTS = {
  unreadable: {
    zh: '文件读不出来：{why}',
    en: 'The file cannot be read: {why}',
    doZh: '请另存为 UTF-8 或 GB18030 的 CSV，或 XLSX，再导入',
    doEn: 'Save it as CSV (UTF-8 or GB18030) or XLSX and import again.',
  },
  'no-district': {
    zh: '数据库里还没有 {value} 区的街镇和社区',
    en: 'The database has no subdistricts and communities of district {value}',
    doZh: '请先启动一次服务装入演示数据（DEMO=1），再导入',
    doEn: 'Start the service once with DEMO=1 on the empty database, then import.',
  },
  'no-rows': {
    zh: '没有数据行',
    en: 'There are no rows.',
    doZh: '请确认选对了文件和工作表',
    doEn: 'Check that it is the right file and sheet.',
  },
  'missing-column': {
    zh: '缺少列“{column}”',
    en: 'Column "{column}" is missing.',
    doZh: '请补上这一列，列名照写',
    doEn: 'Add this column under exactly this name.',
  },
  'column-twice': {
    zh: '列“{column}”出现两次',
    en: 'Column "{column}" is there twice.',
    doZh: '请删掉或改名其中一列',
    doEn: 'Delete or rename one of them.',
  },
  empty: { zh: '没有填', en: 'is empty', doZh: '请填上', doEn: 'Fill it in.' },
  'not-chinese': { zh: '“{value}”里没有中文', en: '"{value}" has no Chinese in it', doZh: '请填中文', doEn: 'Write it in Chinese.' },
  'not-english': { zh: '“{value}”里有中文', en: '"{value}" has Chinese in it', doZh: '请填英文', doEn: 'Write it in English.' },
  'not-allowed-value': {
    zh: '“{value}”不在可填的范围内',
    en: '"{value}" is not one of the possible values',
    doZh: '请填其中一个：{expected}',
    doEn: 'Write one of: {expected}.',
  },
  'not-a-number': {
    zh: '“{value}”不是合适的数',
    en: '"{value}" is not a suitable number',
    doZh: '请填 {expected}',
    doEn: 'Write {expected}.',
  },
  'wrong-form': {
    zh: '“{value}”写法不对',
    en: '"{value}" is not written as it should be',
    doZh: '应写成：{expected}',
    doEn: 'Expected: {expected}.',
  },
  twice: {
    zh: '“{value}”重复，第 {other} 行已有',
    en: '"{value}" is there twice, first in row {other}',
    doZh: '请删掉一行，或改成不同的编码',
    doEn: 'Delete one of the rows or give it another code.',
  },
  taken: {
    zh: '“{value}”已经给了 {other}',
    en: '"{value}" belongs to {other} already',
    doZh: '请换一个，或先核对 {other}',
    doEn: 'Use another one, or check {other} first.',
  },
  unknown: {
    zh: '没有“{value}”',
    en: 'There is no "{value}"',
    doZh: '请改成已有的：{expected}',
    doEn: 'Use one that exists: {expected}.',
  },
  'code-mismatch': {
    zh: '编码“{value}”与其余各列不符',
    en: 'The code "{value}" does not follow from the other columns',
    doZh: '应为“{expected}”',
    doEn: 'It should be "{expected}".',
  },
  'named-twice': {
    zh: '“{value}”与第 {other} 行写的不一样',
    en: '"{value}" differs from what row {other} says',
    doZh: '同一编码的名称、关键词和来源要写得一样',
    doEn: 'Rows of one code carry the same names, keywords and origin.',
  },
  'local-code-low': {
    zh: '自编小类编码“{value}”应从 99 往下编',
    en: 'The local category code "{value}" should count down from 99',
    doZh: '请改用 80–99 之间没用过的编码',
    doEn: 'Use a free code between 80 and 99.',
  },
  'limit-pair': {
    zh: '时限“{value}”的单位和计时方式不配',
    en: 'Unit and clock of the limit "{value}" do not go together',
    doZh: '可用：分钟或小时连续计，小时或工作日按工作时间计',
    doEn: 'Possible: minutes or hours continuous, hours or workdays working.',
  },
  'limit-unreadable': {
    zh: '处置时限“{value}”看不懂',
    en: 'The limit "{value}" is not understood',
    doZh: '请写一个整数加单位，例如：30分钟、2小时、4工作时、1个工作日、紧急工作时2小时',
    doEn: 'Write one whole number and a unit, for example 30分钟, 2小时, 4工作时, 1个工作日, 紧急工作时2小时.',
  },
  'level-rule': {
    zh: '等级“{value}”不对，按时限和危险程度应为 {expected}',
    en: 'Level "{value}": by limit and danger it is {expected}',
    doZh: '请改等级，或改时限和危险标记',
    doEn: 'Correct the level, or the limit and the danger flag.',
  },
  'grave-not-continuous': {
    zh: '{value} 的时限必须连续计时',
    en: '{value} counts continuously',
    doZh: '请写成小时、分钟或紧急工作时（clock 为 continuous）',
    doEn: 'Give the limit in plain hours or minutes (clock: continuous).',
  },
  'danger-and-nuisance': {
    zh: '不能既是危险又是扰民',
    en: 'It cannot be both a danger and a nuisance',
    doZh: '请只留一个',
    doEn: 'Keep one of the two.',
  },
  'evidence-too-grave': {
    zh: '{value} 不能只看照片结案',
    en: '{value} is never closed on evidence alone',
    doZh: '请把 evidence_close 改为 0；只有 R3、R4 可以',
    doEn: 'Set evidence_close to 0; only R3 and R4 may.',
  },
  'spot-too-grave': {
    zh: 'R1 不能当场办结',
    en: 'R1 is never settled on the spot',
    doZh: '请把 settle_on_spot 改为 0',
    doEn: 'Set settle_on_spot to 0.',
  },
  'lead-assists': {
    zh: '主办“{value}”又写在协办里',
    en: 'The lead "{value}" is also among its assistants',
    doZh: '请从协办里去掉',
    doEn: 'Take it out of the assistants.',
  },
  'may-not-lead': {
    zh: '“{value}”只能协办，不能主办',
    en: '"{value}" may only assist',
    doZh: '请换一个能主办的单位类型',
    doEn: 'Choose a type that may lead.',
  },
  'same-condition': {
    zh: '立案条件与第 {other} 行相同',
    en: 'Same open condition as in row {other}',
    doZh: '请合并两行，或写清两者的区别',
    doEn: 'Merge the rows or say what is different.',
  },
  'keyword-shared': {
    zh: '关键词“{value}”已属于 {other}',
    en: 'The keyword "{value}" belongs to {other} already',
    doZh: '一个关键词只能指向一个小类，请删掉一处',
    doEn: 'A keyword points to one category only: delete it in one place.',
  },
  'condition-order': {
    zh: '{value} 的条件编码不是 01、02…',
    en: 'The conditions of {value} are not numbered 01, 02 …',
    doZh: '请从 01 起连续编号',
    doEn: 'Number them from 01 without a gap.',
  },
  'codes-used-up': {
    zh: '“{value}”下的编码已用完',
    en: 'All codes under "{value}" are used up',
    doZh: '请先停用旧的小类，或并入已有的小类',
    doEn: 'Retire old ones first, or use an existing one.',
  },
  outside: {
    zh: '位置不在“{value}”内',
    en: 'The position is not inside {value}',
    doZh: '请核对经纬度（WGS-84，经度在前），应在 {expected}',
    doEn: 'Check longitude and latitude (WGS-84). The point lies in {expected}.',
  },
  'wrong-parent': {
    zh: '“{value}”属于 {expected}，不属于这里写的',
    en: '"{value}" belongs to {expected}, not to what is written here',
    doZh: '请改成 {expected}',
    doEn: 'Change it to {expected}.',
  },
  'home-not-served': {
    zh: '服务范围里没有所在街镇“{value}”',
    en: 'Its own subdistrict "{value}" is not in its scope',
    doZh: '请把所在街镇加进 scope',
    doEn: 'Add it to the scope.',
  },
  'scope-kind': {
    zh: 'scope_kind“{value}”与服务范围不符',
    en: 'scope_kind "{value}" does not fit the scope',
    doZh: '服务全部街镇写 district，否则写 area',
    doEn: 'district when it serves every subdistrict, otherwise area.',
  },
  'stands-in-for-itself': {
    zh: '不能自己替补自己',
    en: 'It stands in for itself',
    doZh: '请换一个替补单位',
    doEn: 'Choose another stand-in.',
  },
  'stand-in-type': {
    zh: '完全替补的单位“{value}”不是同一类型',
    en: 'The full stand-in "{value}" is of another type',
    doZh: '请换同类单位，或把 stand_in_duty 改为 secure-only',
    doEn: 'Choose one of the same type, or write secure-only.',
  },
  'same-point': {
    zh: '与第 {other} 行在同一个点上',
    en: 'On the same point as row {other}',
    doZh: '请核对两个单位的位置',
    doEn: 'Check the positions of the two units.',
  },
  'no-unit-of-type': {
    zh: '{value} 没有能服务的“{expected}”',
    en: 'No {expected} serves {value}',
    doZh: '请补一个单位，或扩大已有单位的服务范围',
    doEn: 'Add a unit or widen the scope of one.',
  },
  'may-lead-unused': {
    zh: '“{value}”的 may_lead 与类别表不符',
    en: 'may_lead of "{value}" does not fit the categories',
    doZh: '有类别由它主办写 1，否则写 0',
    doEn: '1 when some category is led by it, otherwise 0.',
  },
  'wrong-told': {
    zh: '{value} 级的告知对象应为 {expected}',
    en: 'At {value} those told should be {expected}',
    doZh: '请按分级响应表改',
    doEn: 'Follow the table of levels.',
  },
  'card-missing': {
    zh: '{value} 没有响应预案',
    en: 'There is no run card for {value}',
    doZh: '请补一张预案',
    doEn: 'Add a card.',
  },
  'card-too-general': {
    zh: '{value} 只有大类预案',
    en: '{value} has only the card of its class',
    doZh: 'R1、R2 请补小类或条件的预案',
    doEn: 'R1 and R2 need a card of their own category or row.',
  },
  'card-differs': {
    zh: '预案 {value} 派的单位与类别表不符：{expected}',
    en: 'Card {value} does not send what the category asks for: {expected}',
    doZh: '请改预案或类别表',
    doEn: 'Correct the card or the category.',
  },
  'radius-short': {
    zh: '{value} 的半径不够，最远的网格相距 {expected} 公里',
    en: 'The radius of {value} is too small: the farthest cell is {expected} km away',
    doZh: '请加大半径或增设单位',
    doEn: 'Widen the radius or add a unit.',
  },
  'day-missing': { zh: '缺少 {value}', en: '{value} is missing', doZh: '请补上这一天', doEn: 'Add the day.' },
  'day-differs': {
    zh: '{value} 的 {expected} 与日期不符',
    en: '{value}: {expected} does not fit the date',
    doZh: '请核对放假通知',
    doEn: 'Compare with the notice of the State Council.',
  },
  'statutory-count': {
    zh: '{value} 年法定节假日有 {other} 天，应为 13 天',
    en: '{value} has {other} statutory days, the law gives 13',
    doZh: '请核对 statutory 列',
    doEn: 'Check the column statutory.',
  },
  'hours-order': {
    zh: '“{value}”不早于结束时间，或与另一段重叠',
    en: '"{value}" is not before its end, or overlaps another span',
    doZh: '请改成不重叠的时段',
    doEn: 'Use spans that do not overlap.',
  },
  'leader-count': {
    zh: '社区 {value} 应恰有一位包联领导，现有 {other} 位',
    en: 'Community {value} has {other} linked leaders instead of one',
    doZh: '请改 communities 列',
    doEn: 'Correct the column communities.',
  },
  'term-order': {
    zh: '任期“{value}”起止颠倒',
    en: 'The term "{value}" ends before it begins',
    doZh: '请核对起止日期',
    doEn: 'Check both dates.',
  },
  'too-few-members': {
    zh: '{value} 的兼职委员不足两人',
    en: '{value} has fewer than two members',
    doZh: '请补齐委员',
    doEn: 'Add members.',
  },
  'not-geojson': {
    zh: '不是 GeoJSON 的 FeatureCollection：{why}',
    en: 'Not a GeoJSON FeatureCollection: {why}',
    doZh: '请从 GIS 软件导出为 GeoJSON（WGS-84）',
    doEn: 'Export it as GeoJSON (WGS-84) from the GIS.',
  },
  'not-an-area': {
    zh: '图形不是有效的面：{why}',
    en: 'The geometry is not a valid area: {why}',
    doZh: '请在 GIS 里修复这个面（闭合、不自交）再导出',
    doEn: 'Repair the polygon in the GIS (closed, not crossing itself) and export again.',
  },
  'outside-district': {
    zh: '“{value}”有 {other} 平方米在区界外',
    en: '{other} m² of "{value}" lie outside the district',
    doZh: '请核对坐标系（应为 WGS-84）和区界',
    doEn: 'Check the coordinate system (WGS-84) and the outline.',
  },
  overlap: {
    zh: '与第 {other} 个面重叠 {value} 平方米',
    en: 'Overlaps feature {other} by {value} m²',
    doZh: '请在 GIS 里改清两个网格的边界',
    doEn: 'Mend the border between the two cells in the GIS.',
  },
} as const satisfies Record<string, Fault>;

export type FaultCode = keyof typeof FAULTS;
export const FAULT_CODES = new Set<string>(Object.keys(FAULTS));

/** What a finding may fill in. */
export interface Details {
  readonly value?: string | number;
  /** In words where it is not the same in both languages. */
  readonly expected?: string | number | Words;
  readonly other?: string | number;
  readonly column?: string | Words;
  readonly why?: string;
}

export function finding(row: number | null, column: string | null, code: FaultCode, details: Details = {}): Finding {
  const fault: Fault = FAULTS[code];
  const say = (text: string, language: keyof Words) =>
    text.replace(/\{(value|expected|other|column|why)\}/g, (_, name: keyof Details) => {
      const detail = details[name] ?? '';
      return typeof detail === 'object' ? detail[language] : String(detail);
    });
  return {
    row,
    column,
    code,
    what: { 'zh-CN': say(fault.zh, 'zh-CN'), en: say(fault.en, 'en') },
    whatToDo: { 'zh-CN': say(fault.doZh, 'zh-CN'), en: say(fault.doEn, 'en') },
  };
}

/** One line for a terminal: row and column, what is wrong, what to do. */
export function inWords(found: Finding, language: keyof Words): string {
  const chinese = language === 'zh-CN';
  const row = found.row === null ? '' : chinese ? `第 ${found.row} 行` : `row ${found.row}`;
  const column = found.column === null ? '' : chinese ? `“${found.column}”列` : `column ${found.column}`;
  const where = [row, column].filter(Boolean).join(chinese ? '' : ', ');
  const what = found.what[language];
  if (chinese) return `${where}${where && '：'}${what}。${found.whatToDo[language]}`;
  return `${where}${where && ': '}${what}${what.endsWith('.') ? '' : '.'} ${found.whatToDo[language]}`;
}
