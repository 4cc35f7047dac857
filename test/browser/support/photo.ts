/** A photo as a camera would give it, small and the same each time. */
import sharp from 'sharp';

/** Grey road with a dark round hole and a traffic cone, drawn and not photographed. */
const SCENE = `<svg xmlns="http://www.w3.org/2000/svg" width="960" height="720" viewBox="0 0 960 720">
  <rect width="960" height="720" fill="#8d9089"/>
  <rect width="960" height="190" fill="#b9bfae"/>
  <rect y="176" width="960" height="26" fill="#d8d6cb"/>
  <path d="M0 420h960" stroke="#e9e6d8" stroke-width="14" stroke-dasharray="120 90"/>
  <ellipse cx="470" cy="520" rx="190" ry="92" fill="#6d6f69"/>
  <ellipse cx="470" cy="516" rx="160" ry="74" fill="#22241f"/>
  <ellipse cx="640" cy="428" rx="150" ry="46" fill="#5a5c56" transform="rotate(-14 640 428)"/>
  <ellipse cx="640" cy="420" rx="150" ry="46" fill="#777a72" transform="rotate(-14 640 420)"/>
  <path d="M160 600l56-190 56 190z" fill="#d9622b"/><path d="M190 500h52l10 36h-72z" fill="#f0ece2"/><rect x="136" y="596" width="160" height="22" rx="6" fill="#b94d1f"/>
</svg>`;

export interface PhotoFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** @param name  of the file; two photos differ by it and by one pixel, so that none is taken for the other. */
export async function photo(name = 'scene.jpg'): Promise<PhotoFile> {
  const shade = [...name].reduce((sum, c) => sum + c.charCodeAt(0), 0) % 200;
  const mark = { create: { width: 1, height: 1, channels: 3, background: { r: shade, g: shade, b: shade } } } as const;
  const buffer = await sharp(Buffer.from(SCENE))
    .composite([{ input: await sharp(mark).png().toBuffer(), left: 0, top: 0 }])
    .jpeg({ quality: 70 })
    .toBuffer();
  return { name, mimeType: 'image/jpeg', buffer };
}
