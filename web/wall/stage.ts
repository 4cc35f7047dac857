/** A wall is drawn for 1920 × 1080 and scaled to the screen it hangs on; a smaller window gets the flowing layout instead. */
import { onBeforeUnmount, onMounted, type Ref } from 'vue';

const WIDTH = 1920;
const HEIGHT = 1080;
/** Below this the smallest words, of 16 px, would fall under 12. */
const LEAST = 1440;

export function useStage(stage: Ref<HTMLElement | undefined>): void {
  function fit(): void {
    const element = stage.value;
    if (!element) return;
    const large = innerWidth >= LEAST && innerHeight >= (HEIGHT * LEAST) / WIDTH - 80;
    element.classList.toggle('staged', large);
    element.style.setProperty('zoom', large ? String(Math.min(innerWidth / WIDTH, innerHeight / HEIGHT)) : '');
  }
  onMounted(() => {
    fit();
    addEventListener('resize', fit);
  });
  onBeforeUnmount(() => removeEventListener('resize', fit));
}
