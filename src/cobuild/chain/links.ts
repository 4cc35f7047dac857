/** 五联: the five links that each need, project, activity and commitment carries one of. Pure. */
export const LINKS = [
  { code: 'party', zh: '党建工作联抓', en: 'Party work together', shortZh: '党建联抓', shortEn: 'Party' },
  { code: 'resource', zh: '资源联享', en: 'Resources shared', shortZh: '资源联享', shortEn: 'Resources' },
  { code: 'problem', zh: '社区问题联解', en: 'Problems solved together', shortZh: '问题联解', shortEn: 'Problems' },
  { code: 'security', zh: '综治维稳联控', en: 'Security kept together', shortZh: '综治联控', shortEn: 'Security' },
  { code: 'civility', zh: '文明城市联创', en: 'Civic culture built together', shortZh: '文明联创', shortEn: 'Civic culture' },
] as const;
export type Link = (typeof LINKS)[number]['code'];
export const LINK_CODES = LINKS.map((link) => link.code) as [Link, ...Link[]];
