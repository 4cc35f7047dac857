import { chmodSync, mkdtempSync } from 'node:fs';
import path from 'node:path';

/**
 * A new folder below /tmp, the caller's to remove. Others may pass through it: under root, PostgreSQL runs as somebody else, and a data
 * directory that is closed to it would be kept outside (/var/lib/fengming), where no spec would tidy up.
 * Not os.tmpdir(): on macOS that is too long a path for a socket. `.ci/run` names a folder of its own, to see that nothing is left in it.
 */
export function makeTempDir(subject: string): string {
  const dir = mkdtempSync(path.join(process.env.FENGMING_TEST_DIR ?? '/tmp', `fengming-test-${subject}-`));
  chmodSync(dir, 0o711);
  return dir;
}
