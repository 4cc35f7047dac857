/** 大字 on phones. The boot script has set the attribute before the first paint; the styles go by it. */
import { ref, type Ref } from 'vue';

export type TextSize = 'normal' | 'large';

export const textSize: Ref<TextSize> = ref(document.documentElement.dataset.text === 'large' ? 'large' : 'normal');

export function setTextSize(next: TextSize): void {
  textSize.value = next;
  const root = document.documentElement;
  if (next === 'large') root.dataset.text = next;
  else delete root.dataset.text;
  try {
    if (next === 'large') localStorage.setItem('textSize', next);
    else localStorage.removeItem('textSize');
  } catch {
    // Not kept: it holds until the page is closed.
  }
}
