/** Where a request comes from, as the one thing that failed sign-ins are counted for. Pure. */
import { isIPv4, isIPv6 } from 'node:net';

/**
 * @param peer        address at the other end of the connection.
 * @param forwarded   `X-Forwarded-For`; its last entry is the one that the nearest proxy has added. It counts when the peer is this
 *                    machine itself, which is where a proxy in front usually runs, or is trusted: anybody else writes there what they like.
 * @param trustProxy  the proxy runs on another machine, and nobody reaches us but through it.
 * @returns an IPv4 address, the first 64 bits of an IPv6 one (one household or office has the rest), or `unknown`.
 */
export function addressOf(peer: string | undefined, forwarded?: string | null, trustProxy = false): string {
  const direct = plain(peer ?? '');
  const last = forwarded?.split(',').at(-1)?.trim();
  const address = last && (trustProxy || isLoopback(direct)) ? plain(last) : direct;
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return 'unknown';
  return `${network64(address)}::/64`;
}

/** An IPv4 address that came over an IPv6 socket is the same address. */
function plain(address: string): string {
  return address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
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
