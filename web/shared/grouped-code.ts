/** A code in groups of four, as it stands on paper: read and typed group by group. */
export const groupedCode = (code: string): string => code.match(/.{1,4}/g)?.join(' ') ?? '';
