/** Why a roster was not changed. Pure. */

/** Status, what happened, and what to do next in both languages; a part of the table in `errors.ts`. */
export const ROSTER_PROBLEMS = {
  'not-your-unit': {
    status: 403,
    title: 'Not your unit',
    zh: '这个单位的排班不归你管，请联系本单位或指挥中心',
    en: 'This roster belongs to others. Ask the unit or the command centre.',
  },
  'not-your-crew': {
    status: 403,
    title: 'Not your crew',
    zh: '这一步要由对应的班组办，请先用这台设备为该班组上岗',
    en: 'This is for another crew. Sign this device on for that crew first.',
  },
  'not-your-shift': {
    status: 422,
    title: 'Not that crew’s shift',
    zh: '这个班次不是该班组的，请重新选班次',
    en: 'The shift is not that crew’s. Choose shifts from the roster again.',
  },
  'unknown-crew': { status: 422, title: 'Unknown crew', zh: '没有这个班组，请从列表里选', en: 'No such crew. Choose one from the list.' },
  'crew-not-on-duty': {
    status: 409,
    title: 'Crew not on duty',
    zh: '这个班组现在不当班，两小时内也不接班；如果是临时顶班，请先调班',
    en: 'This crew is not on duty now or within two hours. If it fills in, set an override first.',
  },
  'roster-in-past': {
    status: 422,
    title: 'Time has passed',
    zh: '这段时间已经过去，请选以后的时间',
    en: 'That time has passed. Choose a later one.',
  },
  'roster-too-long': {
    status: 422,
    title: 'Override too long',
    zh: '一次调班最多 31 天，请改短；长期变化请改班次表',
    en: 'At most 31 days at once. Make it shorter, or change the shift pattern.',
  },
  'roster-overlap': {
    status: 409,
    title: 'Overrides overlap',
    zh: '这段时间已有调班，请先取消原来的，再调',
    en: 'Another override covers part of that time. Cancel it first.',
  },
  'override-ended': { status: 409, title: 'Override has ended', zh: '这次调班已经结束或取消，请刷新', en: 'It has ended already. Reload.' },
  'swap-already-answered': {
    status: 409,
    title: 'Swap already answered',
    zh: '这次换班已有答复，请刷新看结果',
    en: 'It has been answered already. Reload to see how.',
  },
  'swap-out-of-date': {
    status: 409,
    title: 'Swap out of date',
    zh: '排班已变，或班次已开始，请重新申请换班',
    en: 'The roster has changed or the shift has begun. Ask for a new swap.',
  },
  'no-shift-change': {
    status: 409,
    title: 'No change of shift',
    zh: '还没到交班的时候，请在交班前两小时内再来',
    en: 'Nothing to hand over yet. Come back within two hours of the change.',
  },
  'hand-over-already-given': {
    status: 409,
    title: 'Already handed over',
    zh: '这次交班已经交过，请刷新',
    en: 'This change has been handed over already. Reload.',
  },
  'hand-over-already-taken': {
    status: 409,
    title: 'Already taken over',
    zh: '已经有人接班，请刷新',
    en: 'Somebody has taken over already. Reload.',
  },
} as const;

/** Two codes are shared with the other routes. */
export type RosterCode = keyof typeof ROSTER_PROBLEMS | 'idempotency-key-reused' | 'not-found';

export interface RosterRefusal {
  readonly ok: false;
  readonly code: RosterCode;
  /** What stands in the way, where there is such a thing; codes and times only. */
  readonly about?: Readonly<Record<string, string>>;
}

export type RosterAnswer<T> = { readonly ok: true; readonly value: T } | RosterRefusal;

export function refused(code: RosterCode, about?: Readonly<Record<string, string>>): RosterRefusal {
  return about === undefined ? { ok: false, code } : { ok: false, code, about };
}
