/** A host of base maps on the loopback: the same picture for every tile, one by one or out of a PMTiles file. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';

/** Nothing else on the map is so blue. */
const BLUE = '#3366cc';
/** Zooms that the file has. */
const MAX_ZOOM = 14;

export interface TileHost {
  readonly origin: string;
  /** Paths that were asked for. */
  readonly asked: string[];
  stop(): Promise<void>;
}

export async function startTileHost(): Promise<TileHost> {
  const picture = await sharp({ create: { width: 256, height: 256, channels: 3, background: BLUE } })
    .png()
    .toBuffer();
  const file = pmtiles(picture);
  const asked: string[] = [];
  const host = createServer((request, answer) => {
    asked.push(request.url!);
    const open = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'range' };
    if (request.method === 'OPTIONS') return void answer.writeHead(204, open).end();
    if (!request.url!.endsWith('.pmtiles')) return void answer.writeHead(200, { ...open, 'content-type': 'image/png' }).end(picture);
    const [from = 0, to = file.length - 1] = (/bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? []).slice(1).map(Number);
    const part = file.subarray(from, to + 1);
    answer
      .writeHead(206, { ...open, 'content-length': part.length, 'content-range': `bytes ${from}-${from + part.length - 1}/${file.length}` })
      .end(part);
  });
  await new Promise<void>((listening) => host.listen(0, '127.0.0.1', listening));
  return {
    origin: `http://127.0.0.1:${(host.address() as AddressInfo).port}`,
    asked,
    stop: () => new Promise((closed) => (host.close(() => closed()), host.closeAllConnections())),
  };
}

/** Little-endian base 128, as the format counts. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 128);
  }
}

/** PMTiles, version 3: a directory of one entry, which says that all tiles from the first on are this picture. Source: the format's specification. */
function pmtiles(picture: Buffer): Buffer {
  const HEADER_BYTES = 127;
  const tiles = (4 ** (MAX_ZOOM + 1) - 1) / 3;
  const directory = Buffer.from([...varint(1), ...varint(0), ...varint(tiles), ...varint(picture.length), ...varint(1)]);
  const metadata = Buffer.from('{}');
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('PMTiles', 0, 'latin1');
  header[7] = 3;
  const at = HEADER_BYTES + directory.length;
  const places = [HEADER_BYTES, directory.length, at, metadata.length, 0, 0, at + metadata.length, picture.length, tiles, 1, 1];
  places.forEach((value, i) => header.writeBigUInt64LE(BigInt(value), 8 + i * 8));
  const [NOT_COMPRESSED, PNG] = [1, 2];
  header.set([1, NOT_COMPRESSED, NOT_COMPRESSED, PNG, 0, MAX_ZOOM], 96);
  [-180, -85, 180, 85].forEach((degrees, i) => header.writeInt32LE(degrees * 1e7, 102 + i * 4));
  return Buffer.concat([header, directory, metadata, picture]);
}
