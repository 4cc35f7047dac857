/**
 * Run before anything else, by whatever Node there is: plain JavaScript, because an old Node does not even read the .ts files.
 * `npm install` brings the right Node along; without its install scripts that package is empty and the system's own one runs.
 */
const OLDEST = [22, 18];

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  console.error(
    `需要 Node ${OLDEST.join('.')} 或更新，现在是 ${process.versions.node}。请执行：npm install --ignore-scripts=false && npm rebuild node，再用 npm start 启动。\n` +
      `Node ${OLDEST.join('.')} or newer is needed, this is ${process.versions.node}. Run: npm install --ignore-scripts=false && npm rebuild node, then start with npm start.`,
  );
  process.exit(1);
}
