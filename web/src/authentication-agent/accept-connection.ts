// Takes the one connection that the embedding page may open; who it is, the browser says.
import type { ReadyMessage } from '../message-port/messages';

/** The embedder: its origin as the browser reported it, and our end of the channel. */
export interface Connection {
  readonly origin: string;
  readonly port: MessagePort;
}

type Incoming = Pick<MessageEvent<unknown>, 'data' | 'origin' | 'ports' | 'source'>;

/** Null unless it is a well-formed `mien-connect` of the parent window, from a page with an origin. */
export function acceptConnection(event: Incoming, parent: unknown): Connection | null {
  const { data, origin, ports, source } = event;
  const [port, ...others] = ports;
  if (source !== parent || !port || others.length > 0) return null;
  if (origin === 'null' || origin === '') return null;
  if (typeof data !== 'object' || data === null || !('kind' in data) || !('version' in data)) return null;
  if (data.kind !== 'mien-connect' || data.version !== 1) return null;
  return { origin, port };
}

/** Resolves once, with the first connection; whatever comes later is ignored. */
export function awaitConnection(self: Window): Promise<Connection> {
  return new Promise((resolve) => {
    const listen = (event: MessageEvent<unknown>) => {
      // A document that is nobody's frame has itself for a parent and serves nobody.
      const connection = self.parent === self ? null : acceptConnection(event, self.parent);
      if (!connection) return;
      self.removeEventListener('message', listen);
      const ready: ReadyMessage = { kind: 'ready' };
      connection.port.postMessage(ready);
      resolve(connection);
    };
    self.addEventListener('message', listen);
  });
}
