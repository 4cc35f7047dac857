/** `npm run check-log`: proves the log of the database at DATABASE_URL and says what is wrong with it. Ends with 1 if anything is. */
import { openDatabase } from '../src/db/connect.ts';
import { checkLog } from '../src/dispatch/check.ts';

const connectionString = process.env['DATABASE_URL'];
if (connectionString === undefined) {
  console.error(
    '请设置 DATABASE_URL（内置数据库的地址在启动时显示）\nSet DATABASE_URL; the address of the embedded database is shown at the start.',
  );
  process.exit(2);
}
const db = openDatabase({ connectionString });
try {
  const findings = await checkLog(db);
  for (const { what, district, incident, detail } of findings) console.log(`${what}\t${district}\t${incident ?? '-'}\t${detail}`);
  console.log(findings.length === 0 ? '日志完整无误 The log is whole.' : `发现 ${findings.length} 处问题 Findings: ${findings.length}`);
  process.exitCode = findings.length === 0 ? 0 : 1;
} finally {
  await db.close();
}
