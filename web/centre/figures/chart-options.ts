/** The charts as options of the library: no gradients, direct labels, colours from the tokens. Pure. */
import type { CustomSeriesRenderItem } from 'echarts';
import type { DayFigures } from '../../../src/assessment/schemas.ts';
import type { Colours } from './colours.ts';
import type { EChartsOption } from './echarts.ts';

/** More than twice the limit stands at the edge: where exactly says nothing more. */
const MOST_SHARE = 2;
export const STEP_ROW_PX = 44;
const STEP_HEAD_PX = 34;
export const stepsHeight = (rows: number) => STEP_HEAD_PX + rows * STEP_ROW_PX + 8;

interface StepRow {
  readonly name: string;
  readonly inTime: string;
  readonly bad: boolean;
  readonly p: readonly [number, number, number];
}

/** [ours] A Latin letter of the names, CSS px at their size: the widest fonts of the list. */
const LETTER_PX = 8.6;
/** Room for names of steps: Chinese breaks anywhere, an English word nowhere. */
function roomFor(names: readonly string[], least: number): number {
  const words = names.flatMap((name) => name.match(/[A-Za-z-]+/g) ?? []);
  return Math.max(least, ...words.map((word) => Math.ceil(word.length * LETTER_PX)));
}

/** Time used as a share of the limit: half of them ●, nine tenths ○, 95 % ×; a line at the limit. */
export function stepsOption(rows: readonly StepRow[], limitWord: string, c: Colours, narrow: boolean): EChartsOption {
  const most = Math.min(MOST_SHARE, Math.max(1.15, ...rows.map((r) => r.p[2] * 1.05)));
  const ticks = [0, 0.5, 0.8, 1];
  const room = roomFor(
    rows.map((r) => r.name),
    narrow ? 70 : 86,
  );
  return {
    animation: false,
    textStyle: { fontFamily: c.font },
    grid: { left: room + (narrow ? 4 : 6), right: narrow ? 62 : 84, top: STEP_HEAD_PX, bottom: 8 },
    xAxis: {
      type: 'value',
      min: 0,
      max: most,
      position: 'top',
      axisLine: { show: false },
      axisTick: { show: false, customValues: ticks },
      axisLabel: {
        customValues: ticks,
        color: c.text2,
        fontSize: 13,
        formatter: (v: number) => (v === 1 ? `{late|${limitWord}}` : `${Math.round(v * 100)}%`),
        rich: { late: { color: c.late, fontWeight: 600, fontSize: 13 } },
      },
      splitLine: { lineStyle: { color: c.line, type: 'dashed' } },
    },
    yAxis: [
      {
        type: 'category',
        inverse: true,
        data: rows.map((r) => r.name),
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { color: c.text, fontSize: 14, align: 'left', margin: room + (narrow ? 2 : 4), width: room, overflow: 'break' },
      },
      {
        type: 'category',
        inverse: true,
        position: 'right',
        data: rows.map((r) => r.inTime),
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: {
          align: 'right',
          margin: narrow ? 58 : 78,
          fontSize: 14,
          fontWeight: 600,
          color: (_value?: string | number, index?: number) => (rows[index ?? 0]?.bad ? c.late : c.text),
        },
      },
    ],
    series: [
      {
        type: 'custom',
        data: rows.map((r, i) => [...r.p.map((share) => Math.min(share, most)), i]),
        encode: { x: [0, 1, 2], y: 3 },
        renderItem: spread(c),
      },
    ],
  };
}

/** From half to nine tenths a band, up to 95 % a line. */
function spread(c: Colours): CustomSeriesRenderItem {
  return (_params, api) => {
    const row = api.value(3);
    const [[x50, y], [x90], [x95]] = [0, 1, 2].map((i) => api.coord([api.value(i), row])) as [number[], number[], number[]];
    const [limit] = api.coord([1, row]);
    const line = (x1: number, x2: number, lineWidth: number, stroke: string) => ({
      type: 'line' as const,
      shape: { x1, y1: y!, x2, y2: y! },
      style: { stroke, lineWidth },
    });
    const over = (api.value(2) as number) >= 1;
    const cross = over ? c.late : c.text2;
    const arm = 5;
    const stroke = (dx: number) => ({
      type: 'line' as const,
      shape: { x1: x95! - arm, y1: y! - dx * arm, x2: x95! + arm, y2: y! + dx * arm },
      style: { stroke: cross, lineWidth: 2.5 },
    });
    return {
      type: 'group',
      children: [
        // Something to hit: a finger is wider than a line.
        {
          type: 'rect',
          shape: { x: 0, y: y! - STEP_ROW_PX / 2, width: api.getWidth(), height: STEP_ROW_PX },
          style: { fill: 'transparent' },
          emphasis: { style: { fill: c.line, opacity: 0.5 } },
        },
        {
          type: 'line',
          shape: { x1: limit!, y1: y! - STEP_ROW_PX / 2, x2: limit!, y2: y! + STEP_ROW_PX / 2 },
          style: { stroke: c.late, lineWidth: 2 },
        },
        line(x50!, x95!, 1.5, c.text3),
        line(x50!, x90!, 8, c.soft),
        { type: 'circle', shape: { cx: x50!, cy: y!, r: 6 }, style: { fill: c.accent } },
        { type: 'circle', shape: { cx: x90!, cy: y!, r: 5 }, style: { fill: c.surface, stroke: c.accent, lineWidth: 3 } },
        stroke(1),
        stroke(-1),
      ],
    };
  };
}

/** Days as bars, the late ones in front of the reported ones. */
export function daysOption(days: DayFigures['days'], label: (day: string) => string, c: Colours): EChartsOption {
  const bars = { type: 'bar' as const, barGap: '-100%', barMaxWidth: 36, barCategoryGap: '30%' };
  return {
    animation: false,
    textStyle: { fontFamily: c.font },
    grid: { left: 38, right: 8, top: 14, bottom: 28 },
    xAxis: {
      type: 'category',
      data: days.map((d) => label(d.day)),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: c.line } },
      axisLabel: { color: c.text2, fontSize: 13, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      minInterval: 1,
      splitNumber: 3,
      axisLabel: { color: c.text2, fontSize: 13 },
      splitLine: { lineStyle: { color: c.line } },
    },
    series: [
      { ...bars, data: days.map((d) => d.reported), itemStyle: { color: c.soft, borderRadius: [3, 3, 0, 0] } },
      { ...bars, data: days.map((d) => d.late), itemStyle: { color: c.late, borderRadius: [3, 3, 0, 0] } },
    ],
  };
}

interface AgeRow {
  readonly name: string;
  readonly inTime: number;
  readonly overdue: number;
  readonly words: string;
}

/** Open ones by age: what is overdue first, the rest behind it, the sum in words. */
export function backlogOption(rows: readonly AgeRow[], c: Colours): EChartsOption {
  const bars = { type: 'bar' as const, stack: 'open', barWidth: 16 };
  return {
    animation: false,
    textStyle: { fontFamily: c.font },
    grid: { left: 92, right: 96, top: 4, bottom: 4 },
    xAxis: { type: 'value', show: false, max: (v: { max: number }) => Math.max(v.max, 1) },
    yAxis: {
      type: 'category',
      inverse: true,
      data: rows.map((r) => r.name),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: c.text, fontSize: 14, align: 'left', margin: 88 },
    },
    series: [
      { ...bars, data: rows.map((r) => r.overdue), itemStyle: { color: c.late } },
      {
        ...bars,
        data: rows.map((r) => r.inTime),
        itemStyle: { color: c.soft },
        label: {
          show: true,
          position: 'right',
          color: c.text,
          fontSize: 13,
          formatter: (p: { dataIndex: number }) => rows[p.dataIndex]?.words ?? '',
        },
      },
    ],
  };
}
