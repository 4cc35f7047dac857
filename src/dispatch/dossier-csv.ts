/** Dossiers as a table for a spreadsheet: RFC 4180, with the byte order mark without which Excel reads Chinese as Latin. Pure. */
import type { Dossier } from './dossier.ts';
import { BOM, csvLines, districtTime } from '../csv.ts';

export interface CsvNames {
  category(code: string): string;
  community(code: string): string;
  subdistrict(code: string): string;
  unit(code: string): string;
}

const HEAD = {
  'zh-CN': [
    '首件',
    '街镇',
    '社区',
    '类别',
    '次数',
    '在办',
    '首次上报',
    '最近上报',
    '处置单位',
    '平均结案小时',
    '经度',
    '纬度',
    '范围米',
    '事件编号',
  ],
  en: [
    'First incident',
    'Subdistrict',
    'Community',
    'Category',
    'Count',
    'Open',
    'First reported',
    'Last reported',
    'Units',
    'Average hours to close',
    'Longitude',
    'Latitude',
    'Within m',
    'Incident numbers',
  ],
} as const;
const HOUR_MS = 3_600_000;

export function dossiersCsv(dossiers: readonly Dossier[], language: keyof typeof HEAD, names: CsvNames): string {
  const lines = dossiers.map((d) => [
    d.members[0]!.number,
    names.subdistrict(d.subdistrict),
    names.community(d.community),
    names.category(d.categories[0]!.code),
    d.count,
    d.open,
    districtTime(new Date(d.first)),
    districtTime(new Date(d.last)),
    d.units.map(({ unit, count }) => `${names.unit(unit)} ×${count}`).join('; '),
    d.averageCloseMs === null ? '' : (d.averageCloseMs / HOUR_MS).toFixed(1),
    d.position.lng,
    d.position.lat,
    d.reachM,
    d.members.map((i) => i.number).join(' '),
  ]);
  return BOM + csvLines([HEAD[language], ...lines]);
}
