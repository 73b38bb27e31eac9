// The page around the worker: `ask(kind, argument)` sends one question and waits for its answer.

const worker = new Worker('worker.js', { type: 'module' });

globalThis.ask = (/** @type {string} */ kind, /** @type {unknown} */ argument) =>
  new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => ('error' in data ? reject(new Error(data.error)) : resolve(data.ok));
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage({ kind, argument });
  });
