// Writes FILE.br and FILE.gz beside every text or WASM file above 1 kB in the folders named on the command line.
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const KINDS = new Set([".html", ".js", ".mjs", ".css", ".svg", ".json", ".wasm", ".webmanifest", ".txt"]);
const SMALLEST = 1024;

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

for (const folder of process.argv.slice(2)) {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
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
    if (result.length < plain.length) await writeFile(`${file}.${ending}`, result);
    else await rm(`${file}.${ending}`, { force: true });
  }
}
