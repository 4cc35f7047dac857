/** The question for the password over a page whose session has ended. One for all pages; its state outlives every part of them. */
import { createApp, h, ref } from 'vue';
import { i18n } from '../i18n.ts';
import SessionEnded from './SessionEnded.vue';

/** `later`: the person looks on, and a strip says that nothing is updated. */
const face = ref<'none' | 'question' | 'later'>('none');
let mounted = false;
let answer: ((again: boolean) => void) | null = null;

/** See `AskInPlace`. What runs by itself does not bring the question back once it was put off; what a person presses does. */
export function askToSignInAgain(acted: boolean): Promise<boolean> {
  if (face.value === 'later' && !acted) return Promise.resolve(false);
  mount();
  face.value = 'question';
  return new Promise((resolve) => (answer = resolve));
}

function end(again: boolean): void {
  face.value = again ? 'none' : 'later';
  answer?.(again);
  answer = null;
}

function mount(): void {
  if (mounted) return;
  mounted = true;
  const host = document.createElement('div');
  document.body.append(host);
  createApp(() =>
    face.value === 'none'
      ? null
      : h(SessionEnded, {
          question: face.value === 'question',
          onAgain: () => end(true),
          onLater: () => end(false),
        }),
  )
    .use(i18n)
    .mount(host);
}
