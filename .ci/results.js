/**
 * What vitest counted. `node .ci/results.js count FILE [SECOND]` prints `N passed, N failed[, N skipped]`; files that ran a second time count as in SECOND.
 * `node .ci/results.js again FILE` prints the files worth a second run: those that failed, if they are few.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** More than these, and it is not the machine. */
const MOST_AGAIN = 4;

const [what, first, second] = process.argv.slice(2);
const read = (file) => (file && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).testResults : []);

function again() {
  const failed = read(first)
    .filter((f) => f.status === 'failed')
    .map((f) => path.relative(process.cwd(), f.name));
  return failed.length <= MOST_AGAIN ? failed : [];
}

function count() {
  const later = read(second);
  const files = [...read(first).filter((f) => !later.some((l) => l.name === f.name)), ...later];
  const tests = files.flatMap((f) => f.assertionResults.map((t) => t.status));
  const of = (status) => tests.filter((t) => t === status).length;
  // A file that cannot even be loaded has no tests to count: it is one failure.
  const unloaded = files.filter((f) => f.status === 'failed' && !f.assertionResults.some((t) => t.status === 'failed')).length;
  const skipped = tests.length - of('passed') - of('failed');
  return `${of('passed')} passed, ${of('failed') + unloaded} failed${skipped ? `, ${skipped} skipped` : ''}`;
}

console.log(what === 'again' ? again().join('\n') : count());
