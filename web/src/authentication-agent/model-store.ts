// Model files: from the browser's cache storage, else from the agent's origin with progress. The core checks their digests.

/** A file of the model manifest. `bytes` and `sha256` are the manifest's, not what was received. */
export interface ModelFile {
  readonly role: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

const CACHE = 'mien-models';

/** A name that changes with the content, so that a new model never meets an old copy. */
const address = ({ file, sha256 }: ModelFile) => `/models/${file}?${sha256.slice(0, 16)}`;

async function openCache(): Promise<Cache | null> {
  try {
    return await caches.open(CACHE);
  } catch {
    return null; // Blocked site data: the models still load, each time anew.
  }
}

async function receive(response: Response, size: number, progress: (bytes: number) => void) {
  const bytes = new Uint8Array(size);
  let at = 0;
  const reader = response.body?.getReader();
  if (reader === undefined) throw new TypeError('no body');
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (at + value.length > size) throw new RangeError('longer than the manifest says');
    bytes.set(value, at);
    at += value.length;
    progress(value.length);
  }
  if (at !== size) throw new RangeError('shorter than the manifest says');
  return bytes;
}

/** One file. Throws when it can't be had; a copy of the wrong length counts as none. */
async function load(file: ModelFile, cache: Cache | null, progress: (bytes: number) => void) {
  const url = address(file);
  const kept = await cache?.match(url);
  if (kept?.ok === true) {
    const bytes = new Uint8Array(await kept.arrayBuffer());
    if (bytes.length === file.bytes) {
      progress(bytes.length);
      return bytes;
    }
    await cache?.delete(url);
  }
  // The cache storage above keeps the file: a second copy in the HTTP cache would only take room.
  const response = await fetch(url, { cache: 'no-store', credentials: 'omit', redirect: 'error' });
  if (!response.ok) throw new TypeError(`status ${response.status}`);
  return receive(response, file.bytes, progress);
}

/** All files in the order given. `progress` gets bytes so far and in all. */
export async function loadModels(
  files: readonly ModelFile[],
  progress: (loaded: number, total: number) => void,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const cache = await openCache();
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  let loaded = 0;
  const count = (bytes: number) => {
    loaded += bytes;
    progress(loaded, total);
  };
  return Promise.all(files.map((file) => load(file, cache, count)));
}

/** Keeps files whose digests the core has found right. */
export async function keepModels(files: readonly ModelFile[], contents: readonly Uint8Array<ArrayBuffer>[]) {
  const cache = await openCache();
  if (cache === null) return;
  for (const [index, file] of files.entries()) {
    const url = address(file);
    const bytes = contents[index];
    if (bytes === undefined || (await cache.match(url)) !== undefined) continue;
    // A full disk costs the next visit a download, nothing more.
    await cache.put(url, new Response(bytes)).catch(() => undefined);
  }
}

/** Drops every kept copy: after a wrong digest, and of models of an older version. */
export async function dropModels(): Promise<void> {
  await caches.delete(CACHE).catch(() => false);
}
