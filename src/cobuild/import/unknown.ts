/** The finding about a code that the district does not have, with where such codes stand. Pure. */
import { type Finding, finding, type Words } from '../../grid/import/findings.ts';

const words = (zh: string, en: string): Words => ({ 'zh-CN': zh, en });
const REGISTERS = {
  committees: words('委员会编码', 'the code of a committee'),
  members: words('委员单位编码', 'the code of a member'),
  needs: words('需求编码', 'the code of a need'),
  projects: words('项目编码', 'the code of a project'),
  conferences: words('会商编码', 'the code of a conference'),
  categories: words('事件类别编码', 'the code of a category'),
  unitTypes: words('单位类型编码', 'the code of a unit type'),
  units: words('处置单位编码', 'the code of a responding unit'),
  communities: words('社区编码', 'the code of a community'),
  subdistricts: words('街镇编码', 'the code of a subdistrict'),
  places: words('区、街镇或社区编码', 'the code of the district, a subdistrict or a community'),
  plans: words('计划编码', 'the code of a plan'),
  phases: words('阶段编码', 'the code of a phase'),
  nothing: words('无', 'none'),
} as const satisfies Record<string, Words>;
export type Register = keyof typeof REGISTERS;

/** @param committee  only members of this one would do. */
export function unknown(number: number, column: string, value: string, register: Register, committee?: string): Finding {
  const expected = REGISTERS[register];
  const of = committee === undefined ? expected : words(`${committee} 的${expected['zh-CN']}`, `${expected.en} of ${committee}`);
  return finding(number, column, 'unknown', { value, expected: of });
}
