// Writes FILE.br and FILE.gz beside the files named on the command line, and beside every text or WASM file above
// 1 kB in the folders named there.
import { readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const KINDS = new Set([".html", ".js", ".mjs", ".css", ".svg", ".json", ".wasm", ".webmanifest", ".txt"]);
const SMALLEST = 1024;

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

for (const place of process.argv.slice(2)) {
  if ((await stat(place)).isFile()) {
    await compress(place);
    continue;
  }
  for (const entry of await readdir(place, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !KINDS.has(extname(entry.name))) continue;
    await compress(join(entry.parentPath ?? entry.path, entry.name));
  }
}

async function compress(file) {
  const plain = await readFile(file);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
  };
  const packed = { br: () => brotli(plain, { params }), gz: () => zip(plain, { level: 9 }) };
  for (const [ending, pack] of Object.entries(packed)) {
    const result = plain.length < SMALLEST ? plain : await pack();
    // A sibling that saves nothing only costs a look-up.
    if (result.length < plain.length) {
      // Interrupted, it must not leave half a file to be served.
      await writeFile(`${file}.${ending}.part`, result);
      await rename(`${file}.${ending}.part`, `${file}.${ending}`);
    } else await rm(`${file}.${ending}`, { force: true });
  }
}
