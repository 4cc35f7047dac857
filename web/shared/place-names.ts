/** Names of cells begin with the name of their community: said once, not twice. Pure. */

/** 高基里社区居委会 and 高基里 community → 高基里: as the names of its cells begin. */
const COMMUNITY_ENDING = /(?:(社区|村)?(居民|村民)?(居委会|村委会|委员会)| community| village)$/;

/** Whether the cell's name says its community already. */
export function saysCommunity(cell: string, community: string): boolean {
  const bare = community.replace(COMMUNITY_ENDING, '');
  return bare !== '' && cell.startsWith(bare);
}
