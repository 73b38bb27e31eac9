// Starts the worker; a Trusted Types policy that passes this one address is the only way in.

import workerUrl from './worker.ts?worker&url';
import type { FromWorker, ToWorker } from './worker-protocol';

interface PolicyFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string };
}

/** The agent's one worker. */
export interface AgentWorker {
  /** A `load` after the worker died starts a new one. */
  send(message: ToWorker): void;
}

/** `onMessage` gets every message; a worker that cannot start or dies counts as `load-failed` and `failed`. */
export function startWorker(onMessage: (message: FromWorker) => void): AgentWorker {
  const address = trusted(workerUrl);
  const start = () => {
    const worker = new Worker(address, { type: 'module', name: 'mien-agent' });
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => onMessage(data);
    worker.onerror = (event) => {
      event.preventDefault();
      worker.terminate();
      dead = true;
      onMessage({ kind: 'load-failed', code: 'worker-stopped' });
      onMessage({ kind: 'failed', code: 'unknown' });
    };
    return worker;
  };
  let dead = false;
  let worker = start();
  return {
    send(message) {
      if (dead && message.kind === 'load') {
        dead = false;
        worker = start();
      }
      worker.postMessage(message, message.kind === 'frame' ? [message.bitmap] : []);
    },
  };
}

/** Browsers without Trusted Types take the address as it is. */
function trusted(address: string): string {
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
  if (!factory) return address;
  const rules = {
    createScriptURL(url: string) {
      if (url !== workerUrl) throw new TypeError('not the worker');
      return url;
    },
  };
  return factory.createPolicy('mien-agent', rules).createScriptURL(address);
}
