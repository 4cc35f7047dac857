/** The microphone, for up to a minute. What was said stays when the recording is broken off by a call or a lost microphone. */
import { computed, onScopeDispose, ref, type ComputedRef, type Ref } from 'vue';
import { holdPage } from '../shell/held.ts';
import { VOICE_MAX_MS } from './voices.ts';

/** In the order of size for the same speech; what the service takes. */
const FORMATS = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4'];
/** Speech in Opus is clear at this, and a minute is 240 KB. */
const BITS_PER_SECOND = 32_000;
/** Shorter than this is a slip of the finger. */
const SHORTEST_MS = 500;

export type RecorderTrouble = 'denied' | 'noMicrophone' | 'unsupported' | 'tooShort' | 'brokenOff';

export interface VoiceRecorder {
  readonly state: Ref<'idle' | 'asking' | 'recording'>;
  readonly elapsedMs: Ref<number>;
  readonly leftMs: ComputedRef<number>;
  readonly trouble: Ref<RecorderTrouble | null>;
  start(): Promise<void>;
  /** Ends it and hands over what was said; settled once that is done. */
  stop(): Promise<void>;
  /** Ends it and forgets it. */
  drop(): void;
}

export function useVoiceRecorder(taken: (blob: Blob, durationMs: number) => Promise<void>): VoiceRecorder {
  const state: VoiceRecorder['state'] = ref('idle');
  const elapsedMs = ref(0);
  const trouble: VoiceRecorder['trouble'] = ref(null);
  let current: { readonly recorder: MediaRecorder; readonly over: Promise<void>; dropped: boolean } | null = null;
  let gone = false;

  async function start(): Promise<void> {
    if (state.value !== 'idle') return;
    trouble.value = null;
    const format = typeof MediaRecorder === 'undefined' ? undefined : FORMATS.find((f) => MediaRecorder.isTypeSupported(f));
    if (format === undefined || !navigator.mediaDevices) {
      trouble.value = 'unsupported';
      return;
    }
    state.value = 'asking';
    try {
      const audio = { channelCount: 1, echoCancellation: true, noiseSuppression: true };
      const stream = await navigator.mediaDevices.getUserMedia({ audio });
      if (gone) stream.getTracks().forEach((track) => track.stop());
      else record(stream, format);
    } catch (thrown) {
      state.value = 'idle';
      trouble.value = (thrown as DOMException).name === 'NotAllowedError' ? 'denied' : 'noMicrophone';
    }
  }

  function record(stream: MediaStream, format: string): void {
    const recorder = new MediaRecorder(stream, { mimeType: format, audioBitsPerSecond: BITS_PER_SECOND });
    const parts: Blob[] = [];
    const began = performance.now();
    elapsedMs.value = 0;
    const clock = setInterval(() => {
      elapsedMs.value = performance.now() - began;
      if (elapsedMs.value >= VOICE_MAX_MS) void stop();
    }, 200);
    const over = new Promise<void>((done) => {
      recorder.ondataavailable = ({ data }) => data.size > 0 && parts.push(data);
      recorder.onstop = () => {
        clearInterval(clock);
        stream.getTracks().forEach((track) => track.stop());
        const durationMs = Math.min(VOICE_MAX_MS, performance.now() - began);
        const { dropped } = current ?? { dropped: true };
        current = null;
        state.value = 'idle';
        if (dropped) done();
        else if (durationMs < SHORTEST_MS || parts.length === 0) {
          trouble.value = 'tooShort';
          done();
        } else void taken(new Blob(parts, { type: format.split(';')[0]! }), Math.round(durationMs)).finally(done);
      };
    });
    // Somebody calls, or the headset is pulled out.
    stream.getAudioTracks()[0]!.onended = () => {
      trouble.value = 'brokenOff';
      void stop();
    };
    current = { recorder, over, dropped: false };
    state.value = 'recording';
    // In parts of a second: when the page is closed hard, the last second is all that is not there.
    recorder.start(1_000);
  }

  function stop(): Promise<void> {
    const ending = current;
    if (ending === null) return Promise.resolve();
    if (ending.recorder.state !== 'inactive') ending.recorder.stop();
    return ending.over;
  }
  function drop(): void {
    if (current === null) return;
    current.dropped = true;
    void stop();
  }
  onScopeDispose(() => {
    gone = true;
    void stop();
  });
  holdPage(() => state.value !== 'idle', stop);
  return { state, elapsedMs, leftMs: computed(() => Math.max(0, VOICE_MAX_MS - elapsedMs.value)), trouble, start, stop, drop };
}
