/** `npm run check-log`: proves the log of the running service's database (or of DATABASE_URL) and says what is wrong with it. Ends with 1 if anything is. */
import { openDatabase } from '../src/db/connect.ts';
import { checkLog } from '../src/dispatch/check.ts';
import { NoService, serviceDatabase } from './service-database.ts';

try {
  await check();
} catch (error) {
  if (!(error instanceof NoService)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

async function check(): Promise<void> {
  const db = openDatabase(serviceDatabase(process.env));
  try {
    const findings = await checkLog(db);
    for (const { what, district, incident, detail } of findings) console.log(`${what}\t${district}\t${incident ?? '-'}\t${detail}`);
    console.log(findings.length === 0 ? '日志完整无误 The log is whole.' : `发现 ${findings.length} 处问题 Findings: ${findings.length}`);
    process.exitCode = findings.length === 0 ? 0 : 1;
  } finally {
    await db.close();
  }
}
