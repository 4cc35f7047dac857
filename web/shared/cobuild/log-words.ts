/** What happened to a need or to a claim of it: one word for each verb of their tables. */
import type { ClaimVerb, NeedVerb } from '../../../src/cobuild/chain/need.ts';

type NeedLog = Readonly<Record<NeedVerb | ClaimVerb, string>>;

export const needLogZh: NeedLog = {
  publish: '发布',
  invite: '邀请认领',
  confer: '转会商',
  extend: '延期',
  fulfil: '全部办结',
  withdraw: '撤回',
  close: '随事件结束',
  claim: '认领',
  join: '加入事件协办',
  deliver: '提交服务',
  giveBack: '退认',
  lapse: '逾期失效',
  release: '随需求结束',
  confirm: '确认',
  sendBack: '退回补做',
};

export const needLogEn: NeedLog = {
  publish: 'Published',
  invite: 'Members invited',
  confer: 'Handed to the conference',
  extend: 'Extended',
  fulfil: 'All done',
  withdraw: 'Withdrawn',
  close: 'Ended with its incident',
  claim: 'Claimed',
  join: 'Joined the incident',
  deliver: 'Delivered',
  giveBack: 'Given back',
  lapse: 'Lapsed',
  release: 'Ended with its need',
  confirm: 'Confirmed',
  sendBack: 'Sent back',
};
