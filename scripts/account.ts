/**
 * `npm run account -- add <name> <role> [place]`, `password <name>`, `close <name>`: accounts of the running service's database, or of DATABASE_URL.
 * The password is read from the terminal or a pipe, never from the command line, where every user of the machine could see it.
 */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { loadConfig } from '../src/config.ts';
import { openDatabase } from '../src/db/connect.ts';
import { actorAt, PLACE_OF_ROLE, unknownPlaces } from '../src/identity/account-place.ts';
import { createAccount, disableAccount, setPassword } from '../src/identity/accounts.ts';
import { type Role, ROLES } from '../src/identity/actor.ts';
import { PERSONAL_PREFIX } from '../src/identity/personal.ts';
import { hashPassword } from '../src/identity/passwords.ts';
import { NoService, serviceDatabase } from './service-database.ts';

const MIN_LENGTH = 10;
const NAME = /^[a-z0-9][a-z0-9.-]{0,79}$/;

/** Said and ended with 1; `message` has both languages. */
class Refused extends Error {}

const [what, name = '', roleName = '', place = ''] = process.argv.slice(2);

try {
  if (what === undefined || what === 'help') throw new Refused(usage());
  if (!NAME.test(name)) throw new Refused('账号只用小写字母、数字、点和横线\nAn account has only a–z, 0–9, dots and dashes.');
  const { district } = loadConfig(process.env);
  const db = openDatabase(serviceDatabase(process.env));
  try {
    if (what === 'add') await add();
    else if (what === 'password') await requireFound(setPassword(db.kysely, district, name, await hashPassword(await readPassword())));
    else if (what === 'close') await requireFound(disableAccount(db.kysely, district, name));
    else throw new Refused(usage());
    console.log('好了 Done.');
  } finally {
    await db.close();
  }

  async function add(): Promise<void> {
    const role = ROLES.find((known) => known === roleName);
    if (role === undefined) throw new Refused(usage());
    const prefix = PERSONAL_PREFIX[role] ?? '';
    if (!name.startsWith(prefix) || name === prefix)
      throw new Refused(
        `${role} 的账号以 ${prefix} 开头，例如 ${prefix}${name}\nAn account of a ${role} begins with ${prefix}, for example ${prefix}${name}`,
      );
    const actor = actorAt(district, name, role, place);
    if (actor === null)
      throw new Refused(`${roleName}：${PLACE_OF_ROLE[role]?.zh ?? '不写地点'}\n${roleName}: ${PLACE_OF_ROLE[role]?.en ?? 'no place'}`);
    const unknown = await unknownPlaces(db.kysely, actor);
    if (unknown.length > 0) throw new Refused(`没有这个地方：${unknown.join('、')}\nNo such place: ${unknown.join(', ')}`);
    const passwordHash = await hashPassword(await readPassword());
    await createAccount(db.kysely, { actor, nameZh: name, nameEn: name, passwordHash }).catch((error: { code?: string }) => {
      throw error.code === '23505' ? new Refused('已有这个账号\nThere is such an account already.') : error;
    });
  }
} catch (error) {
  if (!(error instanceof Refused) && !(error instanceof NoService)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function requireFound(done: Promise<boolean>): Promise<void> {
  if (!(await done)) throw new Refused('没有这个账号，或已停用\nNo such account, or it is closed.');
}

async function readPassword(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('密码 Password: ');
  // Nothing is echoed: the terminal's own echo goes to an output that drops it.
  const input = createInterface({
    input: process.stdin,
    output: new Writable({ write: (_c, _e, done) => done() }),
    terminal: process.stdin.isTTY,
  });
  const password = await new Promise<string>((resolve) => {
    input.once('line', resolve);
    input.once('close', () => resolve(''));
  });
  input.close();
  if (process.stdin.isTTY) process.stderr.write('\n');
  if (password.length < MIN_LENGTH) throw new Refused(`密码至少 ${MIN_LENGTH} 个字\nA password has at least ${MIN_LENGTH} characters.`);
  return password;
}

function usage(): string {
  const roles = (Object.entries(PLACE_OF_ROLE) as [Role, (typeof PLACE_OF_ROLE)[Role]][]).map(
    ([role, wanted]) => `  ${role}  ${wanted === null ? '' : `${wanted.zh} ${wanted.en}`}`,
  );
  return [
    'npm run account -- add <name> <role> [place]',
    'npm run account -- password <name>',
    'npm run account -- close <name>',
    ...roles,
    '网格员、包联领导、兼职委员的账号以 grid.、leader.、member. 开头；别的账号取名 community.<…>、subdistrict.<…>、district.<…>、unit.<…>、auditor、admin，',
    '不这样取名的都当作个人账号，不给单位、网格员和委员看。',
    'Accounts of grid workers, leaders and members begin with grid., leader., member.; name the others community.<…>, subdistrict.<…>, district.<…>, unit.<…>,',
    'auditor, admin: any other name counts as a person’s and is not shown to units, grid workers and members.',
  ].join('\n');
}
