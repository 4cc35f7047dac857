/**
 * Where a push may be sent. The endpoint comes from a browser, so from anybody who is signed in: without a look at it the service could be made to call machines that only
 * it can reach.
 */
import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

export const ENDPOINT_MAX = 2_048;

/** IPv4 and IPv6 ranges that are nobody's public address. Source: the IANA special-purpose registries (RFC 6890 and its updates). */
const SPECIAL = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  SPECIAL.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  SPECIAL.addSubnet(network, prefix, 'ipv6');
}
/** All of IPv6 that is given out to the public; loopback, link-local, unique-local, mapped and translated IPv4 lie outside. */
const GLOBAL_UNICAST = new BlockList();
GLOBAL_UNICAST.addSubnet('2000::', 3, 'ipv6');

export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !SPECIAL.check(address, 'ipv4');
    case 6:
      return GLOBAL_UNICAST.check(address, 'ipv6') && !SPECIAL.check(address, 'ipv6');
    default:
      return false;
  }
}

/** Names that are looked up inside a machine or a house only. */
const INNER_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home|arpa)$/;

/**
 * The endpoint in its normal form, or null if nothing is ever sent there: no https, a password in it, an inner name, an address that is not public.
 *
 * @param anywhere  also http, and any address: for a push service of a test.
 */
export function endpointOf(text: string, anywhere: boolean): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.href.length > ENDPOINT_MAX || url.username !== '' || url.password !== '') return null;
  if (anywhere) return url.protocol === 'https:' || url.protocol === 'http:' ? url : null;
  if (url.protocol !== 'https:') return null;
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(host) !== 0) return isPublicAddress(host) ? url : null;
  return host.includes('.') && !INNER_NAME.test(host) ? url : null;
}

/** The name stands for an address that is not public. */
export class AddressRefused extends Error {
  constructor() {
    super('the push endpoint leads to an address that is not public');
    this.name = 'AddressRefused';
  }
}

/** Looks a name up for the connection itself, so that what was checked is what is connected to: a name that changes in between gains nothing. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, []);
    if (addresses.length === 0 || !addresses.every(({ address }) => isPublicAddress(address))) return callback(new AddressRefused(), []);
    if (options.all) return callback(null, addresses);
    callback(null, addresses[0]!.address, addresses[0]!.family);
  });
};
