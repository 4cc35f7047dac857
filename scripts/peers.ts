/** `npm run peers`: installs what the product is compared with, apart from it, and runs the comparison. Options are handed on. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const FOLDER = path.resolve(import.meta.dirname, '../load-tests/peers');

if (!existsSync(path.join(FOLDER, 'node_modules/pg-boss'))) {
  console.log('Installing the peers below load-tests/peers …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: FOLDER, stdio: 'inherit' });
  if (status !== 0) {
    console.error('对比对象装不上，请检查网络后再运行。The peers could not be installed: check the network and run this again.');
    process.exit(1);
  }
}
const { status } = spawnSync(process.execPath, [path.join(FOLDER, 'main.ts'), ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(status ?? 1);
