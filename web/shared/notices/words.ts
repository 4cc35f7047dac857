/** What a notice says, and what to do next about it. Pure. One term is one thing: every page takes them from here. */
import type { AnyNotice } from '../../../src/ws/notice-item.ts';
import type { Locale } from '../types.ts';
import { COBUILD_WORDS } from './cobuild-words.ts';

type Pair = readonly [zh: string, en: string];
interface Words {
  readonly title: Pair;
  readonly next: Pair;
  /** For the unit that is told, where it has something else to do than the offices. */
  readonly unit?: { readonly title: Pair; readonly next: Pair };
  /** Somebody waits for this place: it may sound and stand in the title. The rest is news. */
  readonly answer: boolean;
}

const WORDS: Readonly<Record<AnyNotice, Words>> = {
  dispatched: {
    title: ['已派遣，单位在响铃', 'Dispatched: the units are ringing'],
    next: ['看派得够不够，可加派、收回或改级别', 'See whether it is enough: add, recall or regrade'],
    unit: {
      title: ['核查没通过，退回重办', 'The check failed: go again'],
      next: ['打开看哪里没办好，再去现场', 'Open it, see what is not done, and go again'],
    },
    answer: false,
  },
  remind: {
    title: ['时限过半', 'Half of the time is gone'],
    next: ['打开，办下一步', 'Open it and take the next step'],
    answer: false,
  },
  warn: {
    title: ['时限快到', 'Little time is left'],
    next: ['现在办下一步，超时会督办', 'Take the next step now, or it is supervised'],
    unit: {
      title: ['时限快到', 'Little time is left'],
      next: ['来不及就先申请延期，超时会督办', 'Ask for more time if you need it, or it is supervised'],
    },
    answer: true,
  },
  overdue: {
    title: ['超时，一级督办', 'Overdue: supervised, level 1'],
    next: ['马上办，并答复为什么超时', 'Act now, and answer why it is late'],
    answer: true,
  },
  overdueLevel2: {
    title: ['超时过半，二级督办', 'Overdue by half: supervised, level 2'],
    next: ['包联领导过问，定下谁在什么时候办完', 'The linked leader decides who ends it by when'],
    answer: true,
  },
  overdueLevel3: {
    title: ['超时一倍，三级督办', 'Overdue by as much again: supervised, level 3'],
    next: ['区里协调，加派或换单位', 'The district steps in: add units or change them'],
    answer: true,
  },
  urged: {
    title: ['有人催办', 'Somebody urges it'],
    next: ['打开，办下一步或留言说明', 'Open it: take the next step, or say why not'],
    answer: true,
  },
  supervised: { title: ['督办', 'Supervised'], next: ['打开，按要求答复', 'Open it and answer what is asked'], answer: true },
  replied: {
    title: ['督办有答复', 'A supervision was answered'],
    next: ['看答复够不够，不够再督办', 'Read it; supervise again if it is not enough'],
    answer: false,
  },
  review: {
    title: ['挂账到期，请复核', 'Suspended: time to review'],
    next: ['打开，恢复办理或继续挂账', 'Open it: resume, or suspend it further'],
    answer: true,
  },
  extensionAsked: { title: ['申请延期', 'An extension is asked'], next: ['打开，准或不准', 'Open it: grant or refuse'], answer: true },
  extensionAnswered: { title: ['延期有答复', 'The extension was answered'], next: ['看新的时限', 'See the new deadline'], answer: false },
  arbitration: {
    title: ['三次退单，待裁定', 'Declined three times: to be ruled on'],
    next: ['打开，裁定由谁主办', 'Open it and rule who leads'],
    answer: true,
  },
  lapsed: {
    title: ['签收后没到场', 'Acknowledged, but nobody arrived'],
    next: ['单位又在响铃，打电话问，或改派', 'The unit rings again: call it, or send another'],
    answer: true,
  },
  declined: { title: ['单位退单', 'A unit declined'], next: ['打开，另派单位', 'Open it and send another unit'], answer: true },
  raised: { title: ['提级', 'Raised'], next: ['看要不要加派或接手', 'See whether to add units or take over'], answer: false },
  called: { title: ['社区呼叫', 'A community calls'], next: ['打开，受理或退回', 'Open it: accept or return it'], answer: true },
  recounted: { title: ['时限重算', 'The deadline was counted anew'], next: ['看新的时限', 'See the new deadline'], answer: false },
  verificationAsked: {
    title: ['社区请核实', 'The community asks to verify'],
    next: ['打开看在哪里，到现场看了再答复', 'Open it, go and look, then answer'],
    answer: true,
  },
  checkAsked: {
    title: ['处置完，请去看一眼', 'Handled: please take a look'],
    next: ['打开看要到什么程度，到现场拍一张', 'Open it to see what is expected, and take a photo there'],
    answer: true,
  },
  rosterHole: {
    title: ['值班缺人', 'Nobody is on the roster'],
    next: ['打开值班，补上人或换班', 'Open the roster and put somebody in'],
    answer: true,
  },
  notDone: {
    title: ['居民评价：没办好', 'A resident says: not done'],
    next: ['打开看留言，去现场看一眼，没好就重办', 'Read what they say, look at the place, and reopen it if need be'],
    answer: true,
  },
  handOverMissed: {
    title: ['没人接班', 'Nobody took over'],
    next: ['打电话问接班的人，或补人', 'Call the next crew, or put somebody in'],
    answer: true,
  },
  ...COBUILD_WORDS,
};

/** A kind that this page does not know yet is shown as something that happened. */
const UNKNOWN: Words = { title: ['有新情况', 'Something happened'], next: ['打开看看', 'Open it'], answer: false };

export interface NoticeWords {
  readonly title: string;
  readonly next: string;
  readonly answer: boolean;
}

export function noticeWords(notice: string, recipient: string, locale: Locale): NoticeWords {
  const words = Object.hasOwn(WORDS, notice) ? WORDS[notice as AnyNotice] : UNKNOWN;
  const { title, next } = recipient.startsWith('unit:') ? (words.unit ?? words) : words;
  const say = (pair: Pair) => (locale === 'en' ? pair[1] : pair[0]);
  return { title: say(title), next: say(next), answer: words.answer };
}

/** Does somebody wait for this place now? */
export const asksAnswer = (notice: string): boolean => Object.hasOwn(WORDS, notice) && WORDS[notice as AnyNotice].answer;
