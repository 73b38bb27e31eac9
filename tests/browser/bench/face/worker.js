// The worker that every library runs in: one library, alone, asked over messages; times are taken in here.

/** @type {Record<string, () => Promise<Library>>} */
const libraries = {
  mien: () => import('./mien.js'),
  'mien-relaxed': () => import('./mien.js'),
  human: () => import('./human.js'),
  'face-api': () => import('./face-api.js'),
};

/**
 * @typedef {object} Library
 * @property {(name: string) => Promise<void>} load code, WASM and models, ready for the first look
 * @property {(image: ImageData) => Promise<ArrayLike<number> | undefined>} look all networks on one picture: the
 *   descriptor of the one face, or undefined without a face
 * @property {(image: ImageData) => Promise<ArrayLike<number> | undefined>} describe the descriptor of the face nearest
 *   to the centre, as accurate as the library can
 * @property {(a: ArrayLike<number>, b: ArrayLike<number>) => number} distance the library's own
 * @property {(image: ImageData) => Record<string, number>} [stages] milliseconds by stage
 */

/** @type {WebAssembly.Memory[]} */
const memories = [];
/** @type {Library} */
let library;
/** @type {Map<string, ArrayLike<number> | undefined>} */
const descriptors = new Map();

// Every library's WASM memory, to tell its size.
const instantiate = WebAssembly.instantiate;
const note = (/** @type {any} */ source) => {
  const memory = Object.values((source.instance ?? source).exports).find(
    (each) => each instanceof WebAssembly.Memory,
  );
  if (memory instanceof WebAssembly.Memory) memories.push(memory);
  return source;
};
WebAssembly.instantiate = async (/** @type {any[]} */ ...parts) =>
  note(await Reflect.apply(instantiate, WebAssembly, parts));
const streaming = WebAssembly.instantiateStreaming;
WebAssembly.instantiateStreaming = async (...parts) =>
  note(await Reflect.apply(streaming, WebAssembly, parts));

async function pixels(/** @type {string} */ url) {
  const body = await (await fetch(url)).arrayBuffer();
  return new ImageData(new Uint8ClampedArray(body), 640, 480);
}

async function photograph(/** @type {string} */ url) {
  const bitmap = await createImageBitmap(await (await fetch(url)).blob());
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d', {
    willReadFrequently: true,
  });
  if (context === null) throw new Error('no canvas');
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}

const wasmBytes = () => memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0);

const answers = {
  async load(/** @type {string} */ name) {
    const from = performance.now();
    const load = libraries[name];
    if (load === undefined) throw new Error(`no library ${name}`);
    library = await load();
    await library.load(name);
    return { ms: performance.now() - from };
  },
  async look(/** @type {string} */ url) {
    const image = await pixels(url);
    const from = performance.now();
    const found = await library.look(image);
    return { ms: performance.now() - from, found: found !== undefined, wasmBytes: wasmBytes() };
  },
  async looks(/** @type {{ urls: string[], count: number }} */ { urls, count }) {
    const images = await Promise.all(urls.map(pixels));
    const sizes = [];
    for (let done = 0; done < count; ) {
      const image = images[done % images.length];
      if (image === undefined) throw new Error('no frames');
      await library.look(image);
      done += 1;
      if (done === 10 || done % 100 === 0) sizes.push({ looks: done, bytes: wasmBytes() });
    }
    return sizes;
  },
  async stages(/** @type {string} */ url) {
    return library.stages?.(await pixels(url));
  },
  async describe(/** @type {string} */ url) {
    descriptors.set(url, await library.describe(await photograph(url)));
  },
  async distances(/** @type {[string, string][]} */ pairs) {
    return pairs.map(([a, b]) => {
      const [one, other] = [descriptors.get(a), descriptors.get(b)];
      return one === undefined || other === undefined ? null : library.distance(one, other);
    });
  },
};

addEventListener('message', async ({ data: { kind, argument } }) => {
  try {
    // @ts-expect-error the page sends each kind with its argument
    postMessage({ ok: await answers[kind](argument) });
  } catch (error) {
    postMessage({ error: String(error instanceof Error ? error.stack : error) });
  }
});
