/** Words of rosters that the unit's page and the centre share. 简体中文 and English side by side, so that neither is forgotten. */

export const rosterZh = {
  nobody: '无人',
  state: { on: '在岗', onCall: '电话值守', off: '缺岗' },
  now: { on: '{crew}在岗', onCall: '{crew}电话值守', off: '没有人值班' },
  until: '到 {at}',
  next: '接着是{crew}，{at}',
  then: '接着是{crew}',
  lastNight: '昨晚 {span}',
  yesterday: '昨天 {span}',
  nextNone: '两周内没有人接',
  standIn: { full: '由{unit}顶上', 'secure-only': '由{unit}先看护现场，不能处置', none: '替补单位也没有人' },
  changed: '调班',
  swapped: '换班',
  plannedWas: '原来是{crew}',
  told: '{at} 已提醒',
  loading: '正在取排班',
  failed: '排班没取到',
};

export const rosterEn: typeof rosterZh = {
  nobody: 'Nobody',
  state: { on: 'On duty', onCall: 'On call', off: 'Nobody' },
  now: { on: '{crew} is on duty', onCall: '{crew} is on call', off: 'Nobody is on duty' },
  until: 'until {at}',
  next: 'then {crew}, {at}',
  then: 'then {crew}',
  lastNight: 'last night {span}',
  yesterday: 'yesterday {span}',
  nextNone: 'nobody follows within two weeks',
  standIn: { full: '{unit} stands in', 'secure-only': '{unit} guards the place only', none: 'the stand-in has nobody either' },
  changed: 'Changed',
  swapped: 'Swapped',
  plannedWas: 'was {crew}',
  told: 'warned {at}',
  loading: 'Reading the roster',
  failed: 'The roster was not read',
};
