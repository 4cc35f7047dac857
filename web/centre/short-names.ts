/** Names as they fit into a row of 340 px. Pure; what does not follow the pattern stays whole. */

/** 凤城街道 → 凤城, 源潭镇 → 源潭; Fengcheng Subdistrict → Fengcheng. */
export function shortSubdistrict(name: string): string {
  return name.replace(/(街道|镇)(办事处)?$/, '').replace(/ (Subdistrict|Town)$/i, '') || name;
}

/** 大观社区居委会 → 大观社区, 井岭村委会 → 井岭村. */
export function shortCommunity(name: string): string {
  return name
    .replace(/社区居(民)?委(员)?会$/, '社区')
    .replace(/村(民)?委(员)?会$/, '村')
    .replace(/居(民)?委(员)?会$/, '');
}
