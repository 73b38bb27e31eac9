// The dedicated worker: hands the page's messages to the WASM agent, one after another, and posts back its events.
import init, {
  AuthenticationAgent,
  erase,
  modelFiles,
  status,
  withdrawConsent,
} from '../generated/authenticator/authenticator_wasm';
import wasmUrl from '../generated/authenticator/authenticator_wasm_bg.wasm?url';
import { readPixels } from './frame-pixels';
import { dropModels, keepModels, loadModels, type ModelFile } from './model-store';
import { hasVectors } from './vector-support';
import type { FromWorker, ToWorker } from './worker-protocol';

/** SHA-256 of the WASM module, built into this script: the browser refuses any other file. */
declare const __WASM_INTEGRITY__: string;

const post = (message: FromWorker) => postMessage(message);

/** The core's events are those of the protocol; `nothing` is for the worker alone. */
function postEvent(json: string) {
  const event = JSON.parse(json) as FromWorker | { readonly kind: 'nothing' };
  if (event.kind !== 'nothing') post(event);
}

let module: Promise<unknown> | undefined;
let agent: AuthenticationAgent | undefined;
let ready = false;

/** `reload`: past the HTTP cache, which may keep a spoilt copy for as long as it likes. */
const instantiate = (cache: RequestCache) =>
  init({ module_or_path: fetch(wasmUrl, { integrity: __WASM_INTEGRITY__, cache }) });

/** Starts the module once; a failed start may be tried again. */
async function start(): Promise<void> {
  module ??= instantiate('default').catch(() => instantiate('reload'));
  try {
    await module;
  } catch (error) {
    module = undefined;
    throw error;
  }
}

/** Loads the models. A digest that is wrong once may be a spoilt copy; twice it is the server's file. */
async function loadAgent(): Promise<string | undefined> {
  await start();
  agent ??= AuthenticationAgent.create();
  if (agent === undefined) return 'no-random-source';
  const files = JSON.parse(modelFiles()) as ModelFile[];
  let code: string | undefined;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const contents = await loadModels(files, (loaded, total) => post({ kind: 'loading', loaded, total }));
    const of = (role: string) => contents[files.findIndex((file) => file.role === role)];
    const [detector, extractor, attackDetector] = [
      of('detector'),
      of('extractor'),
      of('presentation-attack-detector'),
    ];
    if (!detector || !extractor || !attackDetector) return 'model-missing';
    code = agent.load(detector, extractor, attackDetector);
    if (code === undefined) {
      await keepModels(files, contents);
      return undefined;
    }
    await dropModels();
  }
  return code;
}

async function load() {
  if (ready) return post({ kind: 'ready' });
  if (!hasVectors(globalThis.WebAssembly)) return post({ kind: 'load-failed', code: 'browser-too-old' });
  const code = await loadAgent().catch(() => 'download-failed');
  if (code !== undefined) return post({ kind: 'load-failed', code });
  ready = true;
  post({ kind: 'ready' });
  // The first frames would pay for it otherwise; now the person still reads.
  agent?.warmUp();
}

async function answer(id: string, call: () => Promise<string>) {
  try {
    await start();
    post({ kind: 'answer', id, ...(JSON.parse(await call()) as { ok?: unknown; error?: string }) });
  } catch {
    post({ kind: 'answer', id, error: 'unknown' });
  }
}

async function lookAt(agent: AuthenticationAgent, bitmap: ImageBitmap, at: number) {
  const { width, height, rgba } = readPixels(bitmap);
  const event = agent.frame(width, height, rgba, at);
  rgba.fill(0); // The core took its own copy at the call.
  postEvent(await event);
}

async function handle(message: ToWorker): Promise<void> {
  switch (message.kind) {
    case 'load':
      return load();
    case 'status':
      return answer(message.id, () => status(message.origin));
    case 'erase':
      return answer(message.id, () => erase(message.origin, message.statement));
    case 'withdraw-consent':
      return answer(message.id, () => withdrawConsent(message.origin));
    case 'camera-ready':
      return;
    case 'cancel':
      return agent?.cancel();
  }
  if (agent === undefined) return post({ kind: 'failed', code: 'unknown' });
  switch (message.kind) {
    case 'begin':
      postEvent(
        message.ceremony === 'create'
          ? agent.beginCreate(message.origin, message.publicKey, message.light)
          : await agent.beginGet(message.origin, message.publicKey, message.light),
      );
      return;
    case 'choose':
      return postEvent(await agent.choose(message.credentialId));
    case 'consent':
      return postEvent(await agent.consent(message.version));
    case 'frame':
      return lookAt(agent, message.bitmap, message.at);
    case 'retry':
      return postEvent(await agent.retry(message.light));
  }
}

// One call at a time: the agent is a state machine, and a frame must not overtake a retry.
let queue: Promise<void> = Promise.resolve();
addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  queue = queue
    .then(() => handle(data))
    .catch((error: unknown) => {
      // A trap leaves the module in no known state. Uncaught, it ends this worker: the page starts a new one.
      setTimeout(() => {
        throw error;
      });
    });
});
