// @vladmandic/face-api: tiny detector, 68 landmarks and recognition, on the WASM backend.
import * as faceapi from '/face-api/dist/face-api.esm.js';

const { nets, tf } = faceapi;
const MODELS = '/face-api/model';

export async function load() {
  // A worker has no elements; pictures come as tensors, and nothing else is asked of the environment.
  class None {}
  faceapi.env.setEnv({
    Canvas: OffscreenCanvas,
    CanvasRenderingContext2D: OffscreenCanvasRenderingContext2D,
    Image: None,
    ImageData,
    Video: None,
    createCanvasElement: () => new OffscreenCanvas(1, 1),
    createImageElement: () => new None(),
    createVideoElement: () => new None(),
    fetch: (/** @type {string} */ url, /** @type {RequestInit} */ init) => fetch(url, init),
    readFile: () => Promise.reject(new Error('no files here')),
  });
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  tf.setWasmPaths('/tfjs-backend-wasm/dist/');
  await tf.setBackend('wasm');
  await tf.ready();
  tf.enableProdMode();
  if (tf.getBackend() !== 'wasm') throw new Error(`backend ${tf.getBackend()}`);
  await Promise.all(
    [nets.tinyFaceDetector, nets.faceLandmark68Net, nets.faceRecognitionNet].map((net) =>
      net.loadFromUri(MODELS),
    ),
  );
}

const options = new faceapi.TinyFaceDetectorOptions();

export async function look(/** @type {ImageData} */ image) {
  const picture = tf.browser.fromPixels(image);
  const face = await faceapi.detectSingleFace(picture, options).withFaceLandmarks().withFaceDescriptor();
  picture.dispose();
  return face?.descriptor;
}

export const describe = look;

export const distance = (/** @type {ArrayLike<number>} */ a, /** @type {ArrayLike<number>} */ b) =>
  faceapi.euclideanDistance(Array.from(a), Array.from(b));
