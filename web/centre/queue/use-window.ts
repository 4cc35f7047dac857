/** Draws of a long list only what is seen. The sizes of a row and a heading are measured, so that larger text stays right. */
import { computed, onBeforeUnmount, onMounted, ref, type Ref } from 'vue';
import { scrollTo, windowOf, type SectionWindow } from './window.ts';

/** Until the first row has been measured, CSS px. */
const ROW_PX = 70;
const HEAD_PX = 28;
/** Seen of the list before it has a size: the first rows are there at once. */
const HEIGHT_PX = 800;

/** @param counts  rows of each section. A list without headings never calls `headSized`, and is one section. */
export function useWindow(box: Ref<HTMLElement | undefined>, counts: () => readonly number[]) {
  const top = ref(0);
  const height = ref(HEIGHT_PX);
  const rowPx = ref(ROW_PX);
  const headPx = ref(0);
  const measured: { row: HTMLElement | null; head: HTMLElement | null } = { row: null, head: null };
  const shape = () => ({ counts: counts(), rowPx: rowPx.value, headPx: headPx.value });
  const shown = computed<readonly SectionWindow[]>(() => windowOf(shape(), top.value, height.value));

  let sizes: ResizeObserver | undefined;
  function sized(): void {
    const { row, head } = measured;
    if (box.value?.clientHeight) height.value = box.value.clientHeight;
    if (row?.offsetHeight) rowPx.value = row.offsetHeight;
    if (head?.offsetHeight) headPx.value = head.offsetHeight;
  }
  function measure(part: 'row' | 'head', element: HTMLElement | null): void {
    const old = measured[part];
    // Vue takes an element back and gives it again with every drawing.
    if (element === null || old === element) return;
    if (old) sizes?.unobserve(old);
    measured[part] = element;
    sizes?.observe(element);
  }
  const scrolled = () => (top.value = box.value?.scrollTop ?? 0);
  onMounted(() => {
    sizes = new ResizeObserver(sized);
    for (const element of [box.value, measured.row, measured.head]) if (element) sizes.observe(element);
    box.value?.addEventListener('scroll', scrolled, { passive: true });
    sized();
  });
  onBeforeUnmount(() => {
    sizes?.disconnect();
    box.value?.removeEventListener('scroll', scrolled);
  });

  return {
    shown,
    /** The elements whose sizes count for all: any row, any heading. */
    rowSized: (element: HTMLElement | null) => measure('row', element),
    headSized: (element: HTMLElement | null) => {
      if (element) headPx.value ||= HEAD_PX;
      measure('head', element);
    },
    /** Scrolls as little as needed; the row is drawn with the next tick. */
    bringIntoView(section: number, row: number): void {
      const to = scrollTo(shape(), section, row, box.value?.scrollTop ?? 0, height.value);
      if (to === null || !box.value) return;
      box.value.scrollTop = to;
      top.value = to;
    },
    toTop(): void {
      if (box.value) box.value.scrollTop = 0;
      top.value = 0;
    },
  };
}
