/** Web push in words, for the pages that have it. */
export const pushZh = {
  name: '关着也提醒',
  on: '开着，页面关了也会推送',
  trying: '正在试推送',
  arrived: '试过，推送能到',
  late: '试推送没到，网络可能不通推送服务，别关页面',
  off: '没开，页面关了就收不到',
  denied: '被浏览器关了，到网站设置里打开通知',
  none: '这个浏览器没有，请让页面一直开着',
  unreachable: '连不上推送服务，请让页面一直开着',
  ask: '打开推送',
  tryOut: '试一下',
};
export const pushEn: typeof pushZh = {
  name: 'Also when closed',
  on: 'On. A push comes also with the page closed',
  trying: 'Trying a push',
  arrived: 'Tried: a push comes through',
  late: 'The trial push did not come. The network may block it: keep the page open',
  off: 'Off. With the page closed nothing comes',
  denied: 'Blocked by the browser. Allow notifications in the settings of this site',
  none: 'Not in this browser. Keep the page open',
  unreachable: 'The push service was not reached. Keep the page open',
  ask: 'Switch on',
  tryOut: 'Try it',
};
