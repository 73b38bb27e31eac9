// Makes the state machine's job from a create or get call.
import type { Request } from '../message-port/messages';
import type { Job } from './ceremony-state';

const shortestMs = 30_000;
const longestMs = 600_000;
const usualMs = 300_000;

/** `origin` is the browser's word. The time out follows WebAuthn L3 5.1.3 step 4: the page's wish, within limits. */
export function jobOf(request: Extract<Request, { kind: 'create' | 'get' }>, origin: string): Job {
  const { timeout } = request.publicKey;
  const wished = typeof timeout === 'number' && Number.isFinite(timeout) ? timeout : usualMs;
  return {
    requestId: request.requestId,
    ceremony: request.kind,
    origin,
    publicKey: JSON.stringify(request.publicKey),
    timeoutMs: Math.min(longestMs, Math.max(shortestMs, wished)),
  };
}
