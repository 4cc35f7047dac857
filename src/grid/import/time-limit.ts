/** 处置时限 as city offices write it → value, unit and clock. Pure. */

export interface TimeLimit {
  readonly value: number;
  readonly unit: 'minutes' | 'hours' | 'workdays';
  readonly clock: 'working' | 'continuous';
}

const NUMBER = '(\\d+(?:\\.\\d+)?|半|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])';
const DIGITS = '零一二三四五六七八九';

/** 紧急工作时 counts through the night, 工作时 does not; 天 and 自然日 are whole days of 24 hours. */
const FORMS: readonly {
  readonly pattern: RegExp;
  readonly unit: TimeLimit['unit'];
  readonly clock: TimeLimit['clock'];
  readonly times: number;
}[] = [
  { pattern: new RegExp(`^${NUMBER}个?分钟?$`), unit: 'minutes', clock: 'continuous', times: 1 },
  { pattern: new RegExp(`^${NUMBER}个?(?:小时|钟头)$`), unit: 'hours', clock: 'continuous', times: 1 },
  { pattern: new RegExp(`^${NUMBER}个?紧急工作时$`), unit: 'hours', clock: 'continuous', times: 1 },
  { pattern: new RegExp(`^紧急工作时${NUMBER}个?(?:小时|时)?$`), unit: 'hours', clock: 'continuous', times: 1 },
  { pattern: new RegExp(`^${NUMBER}个?工作(?:小时|时)$`), unit: 'hours', clock: 'working', times: 1 },
  { pattern: new RegExp(`^工作时${NUMBER}个?(?:小时|时)?$`), unit: 'hours', clock: 'working', times: 1 },
  { pattern: new RegExp(`^${NUMBER}个?工作[日天]$`), unit: 'workdays', clock: 'working', times: 1 },
  { pattern: new RegExp(`^工作日${NUMBER}个?[日天]?$`), unit: 'workdays', clock: 'working', times: 1 },
  { pattern: new RegExp(`^${NUMBER}个?(?:自然日|日历日|天|日)$`), unit: 'hours', clock: 'continuous', times: 24 },
];

/** @returns null for what is not exactly one limit (“立即”, “2小时或1天”, half a working day). */
export function parseTimeLimit(text: string): TimeLimit | null {
  const plain = text
    .normalize('NFKC')
    .replace(/\s/g, '')
    .replace(/^(?:不超过|限时?|≤|<=|<)/, '')
    .replace(/(?:以内|之内|内)$/, '');
  for (const { pattern, unit, clock, times } of FORMS) {
    const match = pattern.exec(plain);
    if (match) return whole(numberFrom(match[1]!) * times, unit, clock);
  }
  return null;
}

/** Parts of an hour become minutes where the clock runs through; a part of a working hour or day has no unit of its own. */
function whole(value: number, unit: TimeLimit['unit'], clock: TimeLimit['clock']): TimeLimit | null {
  if (unit === 'hours' && clock === 'continuous' && !Number.isInteger(value)) return whole(value * 60, 'minutes', clock);
  return Number.isInteger(value) && value > 0 && value <= 10_000 ? { value, unit, clock } : null;
}

function numberFrom(text: string): number {
  if (text === '半') return 0.5;
  if (/^\d/.test(text)) return Number(text);
  const digits = text.replace('两', '二');
  const ten = digits.indexOf('十');
  if (ten < 0) return DIGITS.indexOf(digits);
  return (ten === 0 ? 1 : DIGITS.indexOf(digits[0]!)) * 10 + (ten + 1 < digits.length ? DIGITS.indexOf(digits[ten + 1]!) : 0);
}
