// Hands one end of a MessageChannel to the agent's document and waits until it says that it listens.
import type { ConnectMessage } from '../message-port/messages';
import { MienError } from './mien-error';

/** Where a message with a port can be posted: the iframe's window. */
export interface PortReceiver {
  postMessage(message: unknown, targetOrigin: string, transfer: Transferable[]): void;
}

/** Resolves with our end; rejects with `agent-unavailable` when no answer comes within `timeoutMs`. */
export function shakeHands(
  receiver: PortReceiver,
  agentOrigin: string,
  timeoutMs: number,
): Promise<MessagePort> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      port1.close();
      reject(new MienError('agent-unavailable', { cause: `no answer from ${agentOrigin}` }));
    }, timeoutMs);
    port1.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data !== 'object' || data === null || !('kind' in data) || data.kind !== 'ready') return;
      clearTimeout(timer);
      port1.onmessage = null;
      resolve(port1);
    };
    const connect: ConnectMessage = { kind: 'mien-connect', version: 1 };
    receiver.postMessage(connect, agentOrigin, [port2]);
  });
}
