// Calls over one MessagePort: each answer goes to the call whose identifier it carries.
import type { AbortMessage, Call, Request } from '../message-port/messages';
import { MienError } from './mien-error';

/** The calls in flight over one port. */
export interface Channel {
  /** Resolves with the agent's `ok` member; rejects with a `MienError`. */
  call(call: Call, signal?: AbortSignal): Promise<unknown>;
  /** Rejects whatever is in flight with `agent-unavailable` and closes the port. */
  close(): void;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: MienError): void;
}

/** The port must be started by nobody else. */
export function openChannel(port: MessagePort): Channel {
  const pending = new Map<string, Pending>();
  let last = 0;

  port.onmessage = ({ data }: MessageEvent<unknown>) => {
    const answer = asAnswer(data);
    const waiting = answer && pending.get(answer.requestId);
    if (!answer || !waiting) return;
    pending.delete(answer.requestId);
    if ('error' in answer) waiting.reject(MienError.fromCode(answer.error));
    else waiting.resolve(answer.ok);
  };

  return {
    call(call, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(new MienError('aborted', { cause: signal.reason }));
        last += 1;
        const requestId = String(last);
        const onAbort = () => {
          pending.delete(requestId);
          const abort: AbortMessage = { kind: 'abort', requestId };
          port.postMessage(abort);
          reject(new MienError('aborted', { cause: signal?.reason }));
        };
        const settled = () => signal?.removeEventListener('abort', onAbort);
        signal?.addEventListener('abort', onAbort, { once: true });
        pending.set(requestId, {
          resolve(value) {
            settled();
            resolve(value);
          },
          reject(error) {
            settled();
            reject(error);
          },
        });
        const request: Request = { ...call, requestId };
        port.postMessage(request);
      });
    },
    close() {
      for (const { reject } of pending.values()) reject(new MienError('agent-unavailable'));
      pending.clear();
      port.close();
    },
  };
}

function asAnswer(
  data: unknown,
): { requestId: string; ok: unknown } | { requestId: string; error: unknown } | null {
  if (typeof data !== 'object' || data === null || !('requestId' in data)) return null;
  const { requestId } = data;
  if (typeof requestId !== 'string') return null;
  if ('error' in data) {
    const { error } = data;
    return { requestId, error: typeof error === 'object' && error && 'code' in error ? error.code : error };
  }
  return 'ok' in data ? { requestId, ok: data.ok } : null;
}
