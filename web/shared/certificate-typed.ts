/** What was typed from the paper, as the address of its QR code has it. Pure. */

export interface Asked {
  readonly number: string;
  /** As the service makes them: 128 bits in base64url. */
  readonly key: string;
}

const KEY = /^[A-Za-z0-9_-]{1,64}$/;

/** @returns null for an address that names no certificate whole. */
export function askedBy(search: string): Asked | null {
  const query = new URLSearchParams(search);
  return whole(query.get('n') ?? '', query.get('k') ?? '');
}

/**
 * As people type it: full-width letters, spaces between the groups, another dash. Whoever has the whole address puts it into either field.
 *
 * @returns null while something is lacking.
 */
export function askedFrom(number: string, key: string): Asked | null {
  for (const typed of [number, key]) {
    const search = /\?.*$/.exec(typed.trim())?.[0];
    const asked = search === undefined ? null : askedBy(search);
    if (asked !== null) return asked;
  }
  return whole(plain(number), plain(key));
}

const plain = (typed: string) =>
  typed
    .normalize('NFKC')
    .replace(/\s/g, '')
    .replace(/[–—―−]/g, '-');

function whole(number: string, key: string): Asked | null {
  return number !== '' && KEY.test(key) ? { number, key } : null;
}
