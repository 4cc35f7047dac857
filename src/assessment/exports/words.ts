/** Words of exported tables. Pure. */
import { STATE_NAMES, stateRow, type State } from '../../dispatch/chain/states.ts';
import { levelFromNumber } from '../../dispatch/chain/levels.ts';
import type { Age } from '../schemas.ts';

export type Language = 'zh-CN' | 'en';

export interface Names {
  category(code: string): string;
  subdistrict(code: string): string;
  community(code: string): string;
  unit(code: string): string;
}

const LEVEL_ZH = { R1: '特急', R2: '紧急', R3: '加急', R4: '一般' } as const;
export function levelCell(number: number, language: Language): string {
  const level = levelFromNumber(number);
  return language === 'en' ? level : `${level} ${LEVEL_ZH[level]}`;
}

const KNOWN = new Set<string>(STATE_NAMES);
export function stateCell(state: string, language: Language): string {
  return language === 'en' || !KNOWN.has(state) ? state : stateRow(state as State).zh;
}

export const CLOCK_WORDS: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  call: { zh: '社区呼叫', en: 'community call' },
  verification: { zh: '立案前核查', en: 'verification' },
  accept: { zh: '街道受理', en: 'acceptance' },
  dispatch: { zh: '派遣', en: 'dispatch' },
  acknowledge: { zh: '签收', en: 'acknowledgement' },
  arrive: { zh: '到场', en: 'arrival' },
  resolve: { zh: '处置', en: 'handling' },
  assignCheck: { zh: '安排核查', en: 'assigning the check' },
  check: { zh: '结案核查', en: 'check' },
};

export const AGE_WORDS: Readonly<Record<Age, { readonly zh: string; readonly en: string }>> = {
  day: { zh: '1 天内', en: 'under 1 day' },
  threeDays: { zh: '1–3 天', en: '1–3 days' },
  week: { zh: '3–7 天', en: '3–7 days' },
  month: { zh: '7–30 天', en: '7–30 days' },
  older: { zh: '30 天以上', en: '30 days and more' },
};
