import { chromium } from 'playwright';
import { createServer } from 'node:http';
import { browser } from './test/support/chromium.ts';
const { executablePath, args, env } = await browser();
const server = createServer((_q, r) => r.end('<html></html>')).listen(0);
const port = (server.address() as { port: number }).port;
const more = process.argv.slice(2);
const chrome = await chromium.launch({ executablePath, args: [...args, '--use-fake-device-for-media-stream', ...more], env });
const context = await chrome.newContext({ permissions: ['microphone'] });
const page = await context.newPage();
await page.goto(`http://127.0.0.1:${port}/`);
console.log(await page.evaluate(`(async () => {
  const out = {};
  out.types = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4'].map((f) => MediaRecorder.isTypeSupported(f));
  try {
    const d = await navigator.mediaDevices.enumerateDevices(); out.devices = d.map((x) => x.kind + ' ' + x.label);
    const s = await Promise.race([navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } }), new Promise((_, no) => setTimeout(() => no(new Error('timeout')), 8000))]);
    out.stream = s.getAudioTracks().length;
    const r = new MediaRecorder(s, { mimeType: 'audio/webm;codecs=opus', audioBitsPerSecond: 32000 });
    const parts = []; r.ondataavailable = (e) => parts.push(e.data.size); r.start(500);
    await new Promise((d) => setTimeout(d, 2000));
    await new Promise((d) => { r.onstop = d; r.stop(); });
    out.parts = parts;
  } catch (e) { out.error = String(e); }
  return JSON.stringify(out);
})()`));
await chrome.close(); server.close();
