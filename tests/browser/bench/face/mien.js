// Ours: detection, quality, alignment, features and texture, by the WASM module that measures itself.

/** @type {any} */
let measurement;
/** @type {string[]} */
let names = [];

async function bytes(/** @type {string} */ url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

export async function load(/** @type {string} */ name) {
  const folder = name === 'mien-relaxed' ? '/mien-relaxed' : '/mien';
  const { default: init, Measurement, stage_names } = await import(`${folder}/measurement_wasm.js`);
  /** @type {{ file: string }[]} */
  const files = (await (await fetch('/manifest/models.json')).json()).models;
  const [, ...models] = await Promise.all([
    init({ module_or_path: fetch(`${folder}/measurement_wasm_bg.wasm`) }),
    ...files.map(({ file }) => bytes(`/models/${file}`)),
  ]);
  measurement = Measurement.load(...models);
  if (measurement === undefined) throw new Error('a model file is not the one in the manifest');
  names = stage_names();
}

export async function look(/** @type {ImageData} */ { width, height, data }) {
  /** @type {Float32Array} */
  const features = measurement.look(width, height, new Uint8Array(data.buffer));
  return features.length > 0 ? features : undefined;
}

export const describe = look;

/** One minus the cosine; the features are of unit length. */
export function distance(/** @type {ArrayLike<number>} */ a, /** @type {ArrayLike<number>} */ b) {
  return 1 - Array.from(a).reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

export function stages(/** @type {ImageData} */ { width, height, data }) {
  const times = measurement.stages(width, height, new Uint8Array(data.buffer), 256);
  return Object.fromEntries(names.map((name, index) => [name, times[index]]));
}
