/** A publication as the client makes them, for servers that need some before it comes: 300 bytes. */
export function exampleItem(i: number): string {
  const head =
    `{"seq":${i + 1},"incident":"0198f3a0-7c1e-7a51-9d3b-0c5a3e9f2b11","number":"${1_000_000 + i}","verb":"dispatch","from":"coordinating",` +
    '"to":"dispatched","version":4,"level":"R3","at":"2026-01-01T08:00:00.000Z","cell":"441802006001001';
  return `${head.padEnd(298, '0')}"}`;
}
