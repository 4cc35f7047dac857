/** Dossiers as a table for a spreadsheet: RFC 4180, with the byte order mark without which Excel reads Chinese as Latin. Pure. */
import type { Dossier } from './dossier.ts';
import { shownInChina } from '../china-time.ts';

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
    districtTime(d.first),
    districtTime(d.last),
    d.units.map(({ unit, count }) => `${names.unit(unit)} ×${count}`).join('; '),
    d.averageCloseMs === null ? '' : (d.averageCloseMs / HOUR_MS).toFixed(1),
    d.position.lng,
    d.position.lat,
    d.reachM,
    d.members.map((i) => i.number).join(' '),
  ]);
  return `\uFEFF${[HEAD[language], ...lines].map((line) => line.map(field).join(',')).join('\r\n')}\r\n`;
}

/** A text that begins like a formula would be run by a spreadsheet: the quote before it keeps it a text. */
function field(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function districtTime(at: string): string {
  return shownInChina(Date.parse(at)).toISOString().slice(0, 16).replace('T', ' ');
}
