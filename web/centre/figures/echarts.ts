/** The charting library, as much of it as the page needs. Loaded with the first chart. */
import { BarChart, CustomChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

// SVG: sharp on paper and at 200 % zoom, and these charts have some hundred marks at most.
use([BarChart, CustomChart, GridComponent, SVGRenderer]);

export { init };
export type { EChartsType } from 'echarts/core';
export type { EChartsOption } from 'echarts';
