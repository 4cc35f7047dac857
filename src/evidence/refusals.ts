/** Why a photo or a voice note was not taken. Pure. */

/** Status, what happened, and what to do next in both languages; a part of the table in `errors.ts`. */
export const EVIDENCE_PROBLEMS = {
  'unknown-photo': { status: 422, title: 'Unknown photo', zh: '照片没有传上来，请重拍或重传', en: 'Upload the photo first.' },
  'unknown-voice': { status: 422, title: 'Unknown voice note', zh: '语音没有传上来，请重录或重传', en: 'Upload the voice note first.' },
  'photo-too-large': { status: 413, title: 'Photo too large', zh: '照片太大，请压缩后再传', en: 'Send a smaller photo.' },
  'photo-not-readable': {
    status: 415,
    title: 'Photo not readable',
    zh: '这张图打不开，请换一张',
    en: 'This is no picture we can read. Take another.',
  },
  'voice-too-large': {
    status: 413,
    title: 'Voice note too large',
    zh: '语音太大，请说短一点，分几段录',
    en: 'Record shorter voice notes.',
  },
  'voice-too-long': {
    status: 422,
    title: 'Voice note too long',
    zh: '语音超过 60 秒，请分几段录',
    en: 'A voice note has 60 seconds at most. Record several.',
  },
  'voice-not-readable': {
    status: 415,
    title: 'Voice note not readable',
    zh: '这段语音打不开，请重录一段',
    en: 'This is no sound we can read. Record it again.',
  },
} as const;
export type EvidenceCode = keyof typeof EVIDENCE_PROBLEMS;
