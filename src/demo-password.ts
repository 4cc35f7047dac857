/** The one password of the demo accounts: given, or made at the first start and kept where only the owner reads it. */
import { randomInt } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Without letters and digits that look alike: it is typed on phones. 31 signs, 12 of them: 59 bits, behind a lock-out. */
const SIGNS = 'abcdefghijkmnpqrstuvwxyz23456789'.replace('o', '');
const LENGTH = 12;

export const PASSWORD_FILE = 'demo-password';

/**
 * @param given  `DEMO_PASSWORD`; it wins at the first start, later the accounts keep the one they were made with.
 * @returns the password that the demo accounts have, or will get.
 */
export function demoPassword(dataDir: string, given: string | undefined): string {
  const file = path.join(dataDir, PASSWORD_FILE);
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const password = given ?? Array.from({ length: LENGTH }, () => SIGNS[randomInt(SIGNS.length)]).join('');
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return password;
}
