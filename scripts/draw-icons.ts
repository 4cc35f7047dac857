/**
 * Draws the icons that a phone shows on its home screen, from web/public/icon.svg into web/public/icons: `npm run docs:icons`. Run when the
 * logo changes; what it draws is kept in the repository.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const PUBLIC = fileURLToPath(new URL('../web/public/', import.meta.url));
const svg = readFileSync(`${PUBLIC}icon.svg`, 'utf8');
/** The ground of the logo: its first rectangle. */
const ground = /<rect[^>]*fill="(#[0-9a-f]{6})"/.exec(svg)?.[1];
if (!ground) throw new Error('icon.svg has no ground to fill a maskable icon with');

/** A launcher cuts a maskable icon to any shape inside the middle 80 % (W3C manifest, safe zone): the logo's marks stay inside. */
const SAFE = 0.8;

async function draw(name: string, side: number, { full }: { full: boolean }): Promise<void> {
  const inner = full ? Math.round(side * SAFE) : side;
  const logo = await sharp(Buffer.from(svg), { density: (72 * inner) / 32 })
    .resize(inner, inner)
    .png()
    .toBuffer();
  const canvas = { width: side, height: side, channels: 4, background: full ? ground! : '#00000000' } as const;
  await sharp({ create: canvas })
    .composite([{ input: logo, gravity: 'centre' }])
    .png({ palette: true, compressionLevel: 9 })
    .toFile(`${PUBLIC}icons/${name}.png`);
}

mkdirSync(`${PUBLIC}icons`, { recursive: true });
await draw('192', 192, { full: false });
await draw('512', 512, { full: false });
await draw('maskable-512', 512, { full: true });
// iOS cuts the corners itself and shows what is clear as black.
await draw('apple-180', 180, { full: true });
