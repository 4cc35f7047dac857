/** The built pages as the next build would be: the same words, under other names. */
import { cpSync, globSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const DIST = fileURLToPath(new URL('../../../dist', import.meta.url));

/**
 * Copies dist/ with the field page's entry renamed, everywhere it is named. Its service worker so lists other files and has another
 * version: for a browser that is a new build.
 *
 * @param mark  what the new name ends with.
 * @returns the folder; the caller removes it.
 */
export function newBuild(mark: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'fengming-build-'));
  cpSync(DIST, folder, { recursive: true });
  const html = readFileSync(path.join(folder, 'field/index.html'), 'utf8');
  const entry = /assets\/(field-[\w-]+)\.js/.exec(html)?.[1];
  if (!entry) throw new Error('the field page names no entry');
  for (const file of globSync('**/*.{html,js,css}', { cwd: folder })) {
    const at = path.join(folder, file);
    const text = readFileSync(at, 'utf8');
    if (text.includes(`${entry}.js`)) writeFileSync(at, text.replaceAll(`${entry}.js`, `${entry}${mark}.js`));
  }
  renameSync(path.join(folder, `assets/${entry}.js`), path.join(folder, `assets/${entry}${mark}.js`));
  const worker = path.join(folder, 'field/sw.js');
  const text = readFileSync(worker, 'utf8');
  const version = /\b[0-9a-f]{12}\b/.exec(text)?.[0];
  if (!version) throw new Error('the service worker names no version');
  writeFileSync(worker, text.replaceAll(version, version.slice(0, 12 - mark.length) + mark));
  return folder;
}
