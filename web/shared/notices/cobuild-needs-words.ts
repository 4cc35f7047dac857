/** What a notice of needs, resources, activities, projects or appraisals says, and what to do next about it. Pure; part of `cobuild-words.ts`. */
import type { NEEDS_NOTICES } from '../../../src/cobuild/chain/needs-notices.ts';

type Pair = readonly [zh: string, en: string];
interface Words {
  readonly title: Pair;
  readonly next: Pair;
  /** Somebody waits for this place. */
  readonly answer: boolean;
}

export const NEEDS_WORDS: Readonly<Record<(typeof NEEDS_NOTICES)[number], Words>> = {
  needPublished: {
    title: ['有新需求', 'A new need'],
    next: ['打开共建，能帮就认领', 'Open co-building and claim what you can'],
    answer: false,
  },
  needInvited: {
    title: ['邀请你单位认领需求', 'You are asked to claim a need'],
    next: ['打开看看，认领一部分也好', 'Open it: a part helps too'],
    answer: true,
  },
  needUnclaimed: {
    title: ['需求快到期，还没认满', 'A need is near its end and not all claimed'],
    next: ['邀请认领，或转会商', 'Invite members, or hand it to the conference'],
    answer: true,
  },
  needOverdue: {
    title: ['需求已超期', 'A need is overdue'],
    next: ['延期、转会商或撤回', 'Extend it, confer, or withdraw it'],
    answer: true,
  },
  needWithdrawn: {
    title: ['你认领的需求已撤回', 'A need that you claimed is withdrawn'],
    next: ['不用再办', 'Nothing more to do'],
    answer: false,
  },
  needClosed: { title: ['需求随事件结束', 'A need ended with its incident'], next: ['打开看结果', 'Open it and see how'], answer: false },
  needFulfilled: { title: ['需求全部办结', 'All of a need is done'], next: ['打开看结果', 'Open it and see how'], answer: false },
  claimMade: { title: ['有单位认领', 'Somebody claimed'], next: ['看还差多少', 'See what is still missing'], answer: false },
  claimDue: {
    title: ['认领的事三天后到期', 'What you claimed is due in three days'],
    next: ['办完就交，写明做了什么', 'Deliver it and say what was done'],
    answer: true,
  },
  claimOverdue: {
    title: ['认领已逾期', 'A claim is overdue'],
    next: ['尽快服务并提交，办不了就退认', 'Deliver it, or give it back'],
    answer: true,
  },
  claimLapsed: {
    title: ['认领逾期失效', 'A claim lapsed'],
    next: ['这部分可由别的单位认领', 'Its part is free for others'],
    answer: false,
  },
  claimDelivered: {
    title: ['已服务，等你确认', 'Delivered: please confirm'],
    next: ['看照片和说明，确认或退回', 'Look at the proof: confirm it or send it back'],
    answer: true,
  },
  claimWaiting: {
    title: ['服务五天没确认', 'Delivered five days ago, not confirmed'],
    next: ['打开，确认或退回', 'Open it: confirm it or send it back'],
    answer: true,
  },
  claimSentBack: {
    title: ['服务被退回', 'Your delivery was sent back'],
    next: ['看哪里没办好，补做再交', 'See what is missing and deliver again'],
    answer: true,
  },
  claimConfirmed: { title: ['服务已确认', 'Your delivery is confirmed'], next: ['可以打开看评分', 'Open it for the score'], answer: false },
  claimGivenBack: {
    title: ['认领已退回', 'A claim was given back'],
    next: ['看要不要再邀请', 'See whether to invite others'],
    answer: false,
  },
  bookingAsked: {
    title: ['有人想借你的资源', 'Somebody wants to book'],
    next: ['打开，同意或谢绝', 'Open it: agree or refuse'],
    answer: true,
  },
  bookingAnswered: { title: ['预约有答复', 'A booking was answered'], next: ['打开看结果', 'Open it and see'], answer: false },
  bookingCancelled: { title: ['预约取消', 'A booking is cancelled'], next: ['时段已空出', 'Its time is free again'], answer: false },
  bookingCalled: {
    title: ['事件调用你的资源', 'An incident calls your resource'],
    next: ['打开共建，签收出发', 'Open co-building: acknowledge and go'],
    answer: true,
  },
  activityAnnounced: { title: ['有新活动', 'A new activity'], next: ['打开看看，可以报名', 'Open it; you can sign up'], answer: false },
  activityCancelled: { title: ['活动取消', 'An activity is cancelled'], next: ['告诉报名的人', 'Tell those who signed up'], answer: false },
  projectListed: { title: ['列了新项目', 'A new project'], next: ['打开，认领任务', 'Open it and take on a task'], answer: false },
  taskClaimed: { title: ['任务有人认领', 'A task is taken on'], next: ['打开看进度', 'Open it and see how it goes'], answer: false },
  taskDelivered: {
    title: ['任务已交，等你确认', 'A task is delivered: please confirm'],
    next: ['确认或退回', 'Confirm it or send it back'],
    answer: true,
  },
  taskDue: { title: ['任务快到期', 'A task is due soon'], next: ['报进度，办完就交', 'Report on it, or deliver it'], answer: true },
  taskAnswered: { title: ['任务有答复', 'A task was answered'], next: ['打开看结果', 'Open it and see'], answer: false },
  appraisalOpen: {
    title: ['还没交双向评议', 'Your appraisal is missing'],
    next: ['打开共建，给出评议', 'Open co-building and appraise'],
    answer: true,
  },
  appraisalAsked: {
    title: ['对方已交评议', 'The other side has appraised'],
    next: ['交了你方的才看得到', 'You see it once yours is in'],
    answer: true,
  },
  appraisalShown: {
    title: ['双向评议可以看了', 'Both appraisals are in'],
    next: ['打开看双方打分', 'Open it and see both'],
    answer: false,
  },
};
