/** Which page of the residents' an address names. Pure but for `here`. */

export type Address =
  | { readonly page: 'find' }
  | { readonly page: 'report' }
  | { readonly page: 'activities' }
  | { readonly page: 'progress'; readonly number: string; readonly code: string | null };

const BASE = '/r/';

export function addressOf(pathname: string, search: string): Address {
  const rest = decodeURIComponent(pathname.startsWith(BASE) ? pathname.slice(BASE.length) : '').replace(/\/$/, '');
  if (rest === 'report' || rest === 'activities') return { page: rest };
  if (rest === '') return { page: 'find' };
  return { page: 'progress', number: rest, code: new URLSearchParams(search).get('k') };
}

export function pathTo(address: Address): string {
  if (address.page !== 'progress') return address.page === 'find' ? BASE : `${BASE}${address.page}`;
  const code = address.code === null ? '' : `?k=${encodeURIComponent(address.code)}`;
  return `${BASE}${encodeURIComponent(address.number)}${code}`;
}

/** As people type it: full-width digits, spaces, a missing dash. @returns null for what cannot be a number. */
export function numberFrom(typed: string): string | null {
  const [, day, rest] = /^(\d{8})-?(\d{4,6})$/.exec(typed.normalize('NFKC').replace(/[\s–—]/g, '')) ?? [];
  return day === undefined ? null : `${day}-${rest}`;
}
