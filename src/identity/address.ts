/** Where a request comes from, as the one thing that failed sign-ins are counted for. Pure. */
import { isIPv4, isIPv6 } from 'node:net';

/**
 * @param peer       address at the other end of the connection.
 * @param forwarded  `X-Forwarded-For`, and only when a proxy of ours stands in front: anybody else can write there what they like.
 *                   The last entry is the one that our own proxy has added.
 * @returns an IPv4 address, the first 64 bits of an IPv6 one (one household or office has the rest), or `unknown`.
 */
export function addressOf(peer: string | undefined, forwarded?: string | null): string {
  const last = forwarded?.split(',').at(-1)?.trim();
  const address = (last || peer || '').toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return 'unknown';
  return `${network64(address)}::/64`;
}

function network64(address: string): string {
  const [head = '', tail] = address.split('%')[0]!.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
