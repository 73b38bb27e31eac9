import { expect, test } from 'vitest';
import { acceptConnection } from './accept-connection';

const { port1, port2 } = new MessageChannel();
port1.close();
const parent = { name: 'parent' } as unknown as MessageEventSource;
const good = {
  data: { kind: 'mien-connect', version: 1 },
  origin: 'https://rp.example',
  ports: [port2],
  source: parent,
};

test("the parent's message is accepted with the origin that the browser reports", () => {
  const data = { ...good.data, origin: 'https://other.example' };
  expect(acceptConnection({ ...good, data }, parent)).toEqual({ origin: 'https://rp.example', port: port2 });
});

test.each([
  ['another window', { source: {} as MessageEventSource }],
  ['no window', { source: null }],
  ['an opaque origin', { origin: 'null' }],
  ['no origin', { origin: '' }],
  ['no port', { ports: [] }],
  ['two ports', { ports: [port1, port2] }],
  ['another kind', { data: { kind: 'hello', version: 1 } }],
  ['another version', { data: { kind: 'mien-connect', version: 2 } }],
  ['no version', { data: { kind: 'mien-connect' } }],
  ['text', { data: 'mien-connect' }],
])('%s is refused', (_name, change) => {
  expect(acceptConnection({ ...good, ...change }, parent)).toBeNull();
});
