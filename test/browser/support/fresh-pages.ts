/**
 * Before the first browser spec: builds the pages if their sources changed. In a process of its own, because the test runner's NODE_ENV would make
 * it another build than the one that people get: without the service worker.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BUILD = fileURLToPath(new URL('../../../scripts/build-web.ts', import.meta.url));

/** @throws Error with what the build said when it fails. */
export default function freshPages(): void {
  const env = { ...process.env, NODE_ENV: 'production' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [BUILD], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the pages did not build:\n${stdout}${stderr}`);
}
