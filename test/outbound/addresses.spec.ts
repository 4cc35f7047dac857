import type { LookupAddress } from 'node:dns';
import { describe, expect, it, test } from 'vitest';
import { AddressRefused, endpointOf, isPublicAddress, publicLookup } from '../../src/outbound/addresses.ts';
import { post } from '../../src/outbound/post.ts';

test.each([
  '127.0.0.1',
  '10.1.2.3',
  '172.31.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  'fe80::1',
  'fc00::1',
  'fd12::1',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '64:ff9b::7f00:1',
  '2001:db8::1',
  '2002:7f00:1::',
  'localhost',
])('%s is nobody’s public address', (address) => expect(isPublicAddress(address)).toBe(false));

test.each(['8.8.8.8', '172.32.0.1', '2606:4700::1111'])('%s is one', (address) => expect(isPublicAddress(address)).toBe(true));

describe('an endpoint', () => {
  it.each([
    'http://push.example.com/1',
    'https://127.0.0.1/1',
    'https://[::1]/1',
    'https://0x7f000001/1',
    'https://2130706433/1',
    'https://localhost/1',
    'https://db.internal./1',
    'https://printer.local/1',
    'https://database/1',
    'https://user:password@push.example.com/1',
    'ftp://push.example.com/1',
    `https://push.example.com/${'x'.repeat(3_000)}`,
    'no address',
  ])('%s is refused', (text) => expect(endpointOf(text, false)).toBeNull());

  it('of a push service is taken', () => {
    expect(endpointOf('https://fcm.googleapis.com/fcm/send/abc', false)?.href).toBe('https://fcm.googleapis.com/fcm/send/abc');
  });
});

describe('a name that leads inside', () => {
  it('is not connected to, however it is asked', async () => {
    for (const all of [true, false]) {
      const error = await new Promise<Error | null>((resolve) =>
        publicLookup('localhost', { all }, (failed: Error | null, _: string | LookupAddress[]) => resolve(failed)),
      );
      expect(error).toBeInstanceOf(AddressRefused);
    }
  });

  it('is refused once and for all, not tried again', async () => {
    const request = { endpoint: new URL('https://localhost:1/push'), headers: {}, body: Buffer.from('x') };
    expect(await post(request, false)).toEqual({ is: 'refused', status: null });
  });
});
