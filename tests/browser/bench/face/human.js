// @vladmandic/human: detector, description, antispoof and liveness, on the WASM backend.
import { Human } from '/human/dist/human.esm.js';

/** @type {any} */
let human;

/** Nothing is skipped, cached or filtered, so that every look is a full one; everything else is as it comes. */
const config = {
  backend: 'wasm',
  modelBasePath: '/human/models/',
  wasmPath: '/tfjs-backend-wasm/dist/',
  cacheSensitivity: 0,
  warmup: 'none',
  debug: false,
  flags: { WASM_HAS_MULTITHREAD_SUPPORT: false },
  filter: { enabled: false },
  gesture: { enabled: false },
  body: { enabled: false },
  hand: { enabled: false },
  object: { enabled: false },
  segmentation: { enabled: false },
  face: {
    enabled: true,
    mesh: { enabled: false },
    attention: { enabled: false },
    iris: { enabled: false },
    emotion: { enabled: false },
    description: { enabled: true },
    antispoof: { enabled: true },
    liveness: { enabled: true },
  },
};

export async function load() {
  human = new Human(config);
  human.tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  await human.init();
  await human.load();
  if (human.tf.getBackend() !== 'wasm') throw new Error(`backend ${human.tf.getBackend()}`);
}

export async function look(/** @type {ImageData} */ image) {
  const { face, error } = await human.detect(image);
  if (error) throw new Error(error);
  const [first] = face;
  if (first === undefined) return undefined;
  if (!(first.embedding?.length > 0 && first.real !== undefined && first.live !== undefined))
    throw new Error('a network did not run');
  return first.embedding;
}

/** The one face of the picture that the detector is surest of: with more than one, it crops no better. */
export async function describe(/** @type {ImageData} */ image) {
  return look(image);
}

export const distance = (/** @type {ArrayLike<number>} */ a, /** @type {ArrayLike<number>} */ b) =>
  human.match.distance(a, b);
