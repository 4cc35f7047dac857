/** Words of the sign-in page. */
export const zh = {
  signIn: {
    title: '登录',
    subtitle: '清城区网格事件调度',
    say1: '一格发现，',
    say2: '全区响应。',
    figures1: '清城区 8 个街镇',
    figures2: '164 个社区和村，896 个网格',
    account: '账号',
    forgotten: '忘了密码？找本单位管理员重置',
    demo: '演示数据。账号和密码见启动时打印的说明。',
    needAccount: '填上账号',
    ended: '登录已过期，请重新登录，填的内容还在',
    first: '请先登录，再看这一页',
    borders: '区界为真实轮廓，街镇、社区和网格界线为示意',
  },
};
export const en: typeof zh = {
  signIn: {
    title: 'Sign in',
    subtitle: 'Incident dispatch for Qingcheng District',
    say1: 'One cell finds it,',
    say2: 'all respond.',
    figures1: 'Qingcheng: 8 subdistricts, towns',
    figures2: '164 communities, 896 cells',
    account: 'Account',
    forgotten: 'Forgot it? Ask the administrator of your office',
    demo: 'Demo data. Accounts and password are printed at the start.',
    needAccount: 'Enter your account',
    ended: 'Your session ended. Sign in again; what you typed is kept',
    first: 'Please sign in to see this page',
    borders: 'The outline of the district is real, all borders inside are illustrative',
  },
};
