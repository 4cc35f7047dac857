/** What a notice of 共建共治 says, and what to do next about it. Pure; part of `words.ts`. */
import type { CobuildNotice } from '../../../src/cobuild/chain/notices.ts';
import { NEEDS_WORDS } from './cobuild-needs-words.ts';

type Pair = readonly [zh: string, en: string];
interface Words {
  readonly title: Pair;
  readonly next: Pair;
  /** Somebody waits for this place. */
  readonly answer: boolean;
}

export const COBUILD_WORDS: Readonly<Record<CobuildNotice, Words>> = {
  memberProposed: {
    title: ['有兼职委员待聘任', 'A member is proposed'],
    next: ['打开共建，聘任或不聘任', 'Open co-building: appoint, or not'],
    answer: true,
  },
  memberAppointed: {
    title: ['已聘任', 'Appointed'],
    next: ['打开共建，打印聘书', 'Open co-building and print the certificate'],
    answer: false,
  },
  termEnding: {
    title: ['任期三十天内到期', 'A term ends within 30 days'],
    next: ['续聘，或定下谁接任', 'Renew it, or decide who follows'],
    answer: true,
  },
  termEnded: { title: ['任期已结束', 'A term has ended'], next: ['看席位要不要补', 'See whether the seat is to be filled'], answer: false },
  conferenceMissing: {
    title: ['本季联席会商还没排期', 'No conference is set for this quarter'],
    next: ['打开共建，定日期和地点', 'Open co-building and set day and place'],
    answer: true,
  },
  conferenceCalled: {
    title: ['联席会商通知', 'A conference is called'],
    next: ['看议程，回复到会或请假', 'Read the agenda and answer'],
    answer: true,
  },
  conferenceCancelled: {
    title: ['联席会商取消', 'A conference is cancelled'],
    next: ['等新的日期', 'Wait for another day'],
    answer: false,
  },
  conferenceHeld: {
    title: ['联席会商已开，有纪要', 'A conference was held'],
    next: ['看纪要和议定的事', 'Read minutes and resolutions'],
    answer: false,
  },
  resolutionGiven: {
    title: ['议定的事由你方承办', 'A resolution is yours to do'],
    next: ['打开看要求和期限', 'Open it: what is wanted, by when'],
    answer: true,
  },
  resolutionDue: {
    title: ['议定的事快到期', 'A resolution is due soon'],
    next: ['写进展，办成了就办结', 'Say how it goes, or close it'],
    answer: true,
  },
  resolutionOverdue: {
    title: ['议定的事逾期', 'A resolution is overdue'],
    next: ['写明原因，或改期限、换承办', 'Say why; or another day or owner'],
    answer: true,
  },
  resolutionClosed: {
    title: ['议定的事已办结', 'A resolution is done'],
    next: ['看结果够不够', 'See whether the outcome will do'],
    answer: false,
  },
  agreementOffered: {
    title: ['有协议待签', 'An agreement waits for your signature'],
    next: ['看条款，签或不签', 'Read it: sign or decline'],
    answer: true,
  },
  agreementAnswered: { title: ['协议有答复', 'An agreement was answered'], next: ['打开看结果', 'Open it'], answer: false },
  agreementEnding: {
    title: ['协议三十天内到期', 'An agreement ends within 30 days'],
    next: ['提出续签，或让它到期', 'Offer a renewal, or let it end'],
    answer: true,
  },
  agreementEnded: {
    title: ['协议已终止或到期', 'An agreement has ended'],
    next: ['看要不要重新签', 'See whether to make a new one'],
    answer: false,
  },
  renewalOffered: {
    title: ['对方提出续签', 'A renewal is offered'],
    next: ['打开，确认或商量', 'Open it: confirm, or talk'],
    answer: true,
  },
  leaderChanged: { title: ['包联领导有变', 'The linked leader has changed'], next: ['看现在由谁包联', 'See who it is now'], answer: false },
  ...NEEDS_WORDS,
};
