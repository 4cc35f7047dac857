/** Why plans, needs, resources, activities, projects and appraisals are refused. Pure. A part of the table in `errors.ts`. */

/** Status, what happened, and what to do next in both languages. */
export const NEEDS_PROBLEMS = {
  'plan-exists': {
    status: 409,
    title: 'Plan code taken',
    zh: '这个编号已有任务，请换一个编号',
    en: 'There is an item of this code. Choose another code.',
  },
  'plan-outside-parent': {
    status: 422,
    title: 'Outside the level above',
    zh: '任务要在上一级的日期和地方之内，请改日期、地方或上一级',
    en: 'It has to lie within the days and the place of the level above. Change one of them.',
  },
  'plan-counts-its-tasks': {
    status: 422,
    title: 'Counted from its tasks',
    zh: '总计划和阶段的进度由任务算出，请到任务上填',
    en: 'Plans and phases are counted from their tasks. Report on a task.',
  },
  'progress-over-target': {
    status: 422,
    title: 'More than the target',
    zh: '完成数超过目标，请核对后再填',
    en: 'More than the target. Check the figure.',
  },
  'progress-same': {
    status: 422,
    title: 'Nothing new',
    zh: '进度没有变化，有进展再填',
    en: 'The figure is the same. Report again when it has changed.',
  },
  'need-all-claimed': {
    status: 409,
    title: 'All of it is claimed',
    zh: '刚刚被认满了，看看别的需求',
    en: 'All of it is claimed by now. Look at other needs.',
  },
  'claim-over-rest': {
    status: 409,
    title: 'More than is left',
    zh: '剩下的没有这么多，请按现在还差的数认领',
    en: 'Less than that is left. Claim what is still missing.',
  },
  'claim-after-need': {
    status: 422,
    title: 'Later than the need allows',
    zh: '认领的完成日期晚于需求的截止日期，请改早一些',
    en: 'The claim would end after the need. Choose an earlier day.',
  },
  'need-overdue': {
    status: 409,
    title: 'The need is overdue',
    zh: '需求已经到期，请发布方先延期再认领',
    en: 'Its last day has passed. The publisher extends it first.',
  },
  'extend-later': {
    status: 422,
    title: 'Not later than before',
    zh: '新的截止日期要晚于原来的，也不能早于今天',
    en: 'The new day has to be later than the old one, and not in the past.',
  },
  'not-in-committee': {
    status: 403,
    title: 'Not of this committee',
    zh: '这里的大工委或大党委没有你们单位，请看本辖区的清单',
    en: 'Your body is no member here. Look at the list of your own place.',
  },
  'incident-ended': {
    status: 409,
    title: 'The incident has ended',
    zh: '事件已经结束，不能再由它发布需求',
    en: 'The incident has ended; no need comes from it any more.',
  },
  'incident-is-drill': {
    status: 422,
    title: 'A drill',
    zh: '这是演练，不要惊动委员单位；要演练共建，请用电话约定',
    en: 'This is a drill: members are not called out for it. Arrange a drill with them by telephone.',
  },
  'incident-has-need': {
    status: 409,
    title: 'The incident has a need already',
    zh: '这件事已经发布过需求，请在原来的需求上补充',
    en: 'There is an open need for this incident. Go on with that one.',
  },
  'resource-withdrawn': {
    status: 409,
    title: 'No longer lent',
    zh: '这项资源已经下架，请另选一项',
    en: 'It is not lent any more. Choose another resource.',
  },
  'resource-not-so-many': {
    status: 422,
    title: 'There are not so many',
    zh: '没有这么多，请改数量，或再约一家',
    en: 'There are fewer than that. Ask for less, or book another one too.',
  },
  'resource-booked': {
    status: 409,
    title: 'Still booked',
    zh: '还有没办完的预约，请先取消或用完再改',
    en: 'There are bookings to come. Cancel or finish them first.',
  },
  'booking-taken': {
    status: 409,
    title: 'Taken at that time',
    zh: '这段时间已经约出去了，请换个时间或减少数量',
    en: 'It is taken at that time. Choose another time or take fewer.',
  },
  'booking-too-soon': {
    status: 422,
    title: 'Too short a notice',
    zh: '要提前预约，请选晚一些的时间',
    en: 'It needs notice. Choose a later time.',
  },
  'booking-outside-hours': {
    status: 422,
    title: 'Outside its hours',
    zh: '不在开放时间里，请按开放时间预约',
    en: 'It is not open then. Book within its hours.',
  },
  'booking-too-long': {
    status: 422,
    title: 'Booked for too long',
    zh: '一次最多借七天，请改短或分几次约',
    en: 'Seven days at most at once. Make it shorter, or book in parts.',
  },
  'not-callable': {
    status: 422,
    title: 'Not to be called',
    zh: '这项资源要先预约、对方同意后才能调用',
    en: 'It has to be asked for first: it may not be called without an answer.',
  },
  'activity-times': {
    status: 422,
    title: 'Wrong times',
    zh: '结束要晚于开始，并在一年之内，请改时间',
    en: 'It ends after it begins, and within a year. Choose other times.',
  },
  'activity-not-begun': {
    status: 422,
    title: 'Not begun yet',
    zh: '活动还没开始，开始后再记为已举办',
    en: 'It has not begun yet. Record it as held afterwards.',
  },
  'activity-full': {
    status: 409,
    title: 'No room left',
    zh: '名额不够了，请减少人数或看别的活动',
    en: 'There is not enough room. Come with fewer, or look at other activities.',
  },
  'sign-ups-off': {
    status: 403,
    title: 'No sign-ups here yet',
    zh: '这里还不能网上报名，请到社区居委会报名',
    en: 'You cannot sign up here yet. Ask your community.',
  },
  'signed-up-already': {
    status: 409,
    title: 'Signed up already',
    zh: '你已经报过名，要改人数请先退出再报',
    en: 'You have signed up already. Withdraw first to change it.',
  },
  'project-tasks-open': {
    status: 409,
    title: 'Tasks are open',
    zh: '还有任务没完成，全部确认或撤销后再办结',
    en: 'Some tasks are not confirmed. Confirm or drop them first.',
  },
  'task-outside-project': {
    status: 422,
    title: 'Outside the project',
    zh: '任务日期要在项目日期之内，请改日期',
    en: 'The day of a task lies within its project. Choose another.',
  },
  'appraises-itself': {
    status: 422,
    title: 'Nobody appraises itself',
    zh: '不能给自己打分，请对方来评',
    en: 'The other side appraises you. Appraise them instead.',
  },
  'appraisal-sealed': {
    status: 409,
    title: 'Already handed in',
    zh: '这一期的评议已经交了，不能再改',
    en: 'This appraisal is handed in and does not change any more.',
  },
  'period-not-open': {
    status: 422,
    title: 'The period is not open',
    zh: '这一期还没到评议的时候，或已经结束',
    en: 'This period is not open for appraisals.',
  },
} as const;

export type NeedsCode = keyof typeof NEEDS_PROBLEMS;
