/** k6: where it is, how it comes here, and one run of it. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

const MODULE = 'go.k6.io/k6@latest';
/** Thresholds were crossed: k6's own exit code for that. */
export const THRESHOLDS_CROSSED = 99;

function goBin(): string {
  return path.join(process.env.GOPATH?.split(path.delimiter)[0] || path.join(homedir(), 'go'), 'bin');
}

function works(command: string): boolean {
  return spawnSync(command, ['version'], { stdio: 'ignore' }).status === 0;
}

/**
 * In PATH, else in $GOPATH/bin, else installed there by Go.
 *
 * @throws Error saying how to get it where there is no Go, or where Go cannot install it.
 */
export function findK6(): string {
  if (works('k6')) return 'k6';
  const installed = path.join(goBin(), process.platform === 'win32' ? 'k6.exe' : 'k6');
  if (existsSync(installed) && works(installed)) return installed;
  if (!works('go')) {
    throw new Error(
      [
        '找不到 k6，也没有 Go 可用来安装。请装 Go 后运行 go install go.k6.io/k6@latest，或按 https://grafana.com/docs/k6/latest/set-up/install-k6/ 安装，再运行一次。',
        `k6 is not here, and no Go to install it. Install Go and run "go install ${MODULE}", or take it from https://grafana.com/docs/k6/latest/set-up/install-k6/, then run this again.`,
      ].join('\n'),
    );
  }
  console.log(`k6 is not here: go install ${MODULE} (some minutes)`);
  const result = spawnSync('go', ['install', MODULE], { stdio: 'inherit' });
  if (result.status !== 0 || !works(installed))
    throw new Error(`没能装好 k6，请看上面 Go 的提示。\n"go install ${MODULE}" did not work: see what Go says above.`);
  return installed;
}

export function versionOf(k6: string): string {
  return spawnSync(k6, ['version'], { encoding: 'utf8' }).stdout.trim().split('\n')[0]!;
}

export interface Run {
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  /** Where k6 writes its HTML report; without, it makes none. */
  readonly htmlFile?: string;
}

/** @returns k6's exit code: 0, THRESHOLDS_CROSSED, or another when it could not run the test to its end. */
export function runK6(k6: string, { script, env, htmlFile }: Run): Promise<number> {
  const dashboard = {
    K6_WEB_DASHBOARD: 'true',
    // No page while it runs, only the file at the end; a short run needs a short period to have a curve.
    K6_WEB_DASHBOARD_PORT: '-1',
    K6_WEB_DASHBOARD_PERIOD: '1s',
    K6_WEB_DASHBOARD_EXPORT: htmlFile ?? '',
  };
  const child = spawn(k6, ['run', '--quiet', script], {
    // Tells nobody that it ran.
    env: { ...process.env, ...env, K6_NO_USAGE_REPORT: 'true', ...(htmlFile === undefined ? {} : dashboard) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
