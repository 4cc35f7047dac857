/** Token colours for charts, which cannot read CSS variables: read once, and again when the theme changes. */
import { computed, type ComputedRef } from 'vue';
import { theme, token } from '../../shared/theme.ts';

export interface Colours {
  readonly text: string;
  readonly text2: string;
  readonly text3: string;
  readonly line: string;
  readonly surface: string;
  readonly accent: string;
  readonly soft: string;
  readonly late: string;
  readonly near: string;
  readonly font: string;
}

export const colours: ComputedRef<Colours> = computed(() => {
  // Read for the dependency: the attribute on the root is set before it changes.
  void theme.value;
  return {
    text: token('--text'),
    text2: token('--text-2'),
    text3: token('--text-3'),
    line: token('--line'),
    surface: token('--surface'),
    accent: token('--accent'),
    soft: token('--ahead-1'),
    late: token('--late'),
    near: token('--near'),
    font: token('--font'),
  };
});
