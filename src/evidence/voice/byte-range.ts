/** `Range: bytes=…` of a small file (RFC 9110 §14): one part, because players ask for one. Pure. */

export interface ByteRange {
  readonly from: number;
  /** Included. */
  readonly to: number;
}

/** @returns null when the whole is to be sent: nothing was asked, several parts were, or nothing that is there. */
export function byteRange(header: string | undefined, size: number): ByteRange | null {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return null;
  // Without a first byte it is the last so many.
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return from <= to ? { from, to } : null;
}
