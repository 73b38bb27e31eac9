import { afterEach, expect, test } from 'vitest';
import { openChannel } from './open-channel';

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

function pair() {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const seen: unknown[] = [];
  const next = () =>
    new Promise<{ requestId: string; kind: string }>((resolve) => {
      port2.onmessage = ({ data }) => {
        seen.push(data);
        resolve(data);
      };
    });
  return { channel: openChannel(port1), agent: port2, next, seen };
}

test('an answer reaches the call that it names, whatever the order', async () => {
  const { channel, agent, next } = pair();
  const firstSeen = next();
  const first = channel.call({ kind: 'status' });
  const a = await firstSeen;
  const secondSeen = next();
  const second = channel.call({ kind: 'erase', statement: 's' });
  const b = await secondSeen;
  agent.postMessage({ requestId: b.requestId, error: { code: 'security' } });
  agent.postMessage({ requestId: a.requestId, ok: { credentials: 1, consent: 1 } });
  await expect(second).rejects.toMatchObject({ code: 'security' });
  await expect(first).resolves.toEqual({ credentials: 1, consent: 1 });
});

test('answers that fit nothing are ignored', async () => {
  const { channel, agent, next } = pair();
  const seen = next();
  const call = channel.call({ kind: 'status' });
  const { requestId } = await seen;
  for (const odd of [null, 'x', {}, { requestId: 'other', ok: 1 }, { requestId: 1, ok: 1 }, { requestId }]) {
    agent.postMessage(odd);
  }
  agent.postMessage({ requestId, ok: 'right' });
  await expect(call).resolves.toBe('right');
});

test('an aborted call tells the agent and rejects at once', async () => {
  const { channel, next } = pair();
  const stop = new AbortController();
  const seen = next();
  const call = channel.call({ kind: 'get', publicKey: {} }, stop.signal);
  const { requestId } = await seen;
  const abortSeen = next();
  stop.abort(new Error('enough'));
  await expect(call).rejects.toMatchObject({ code: 'aborted', name: 'AbortError' });
  expect(await abortSeen).toEqual({ kind: 'abort', requestId });
});

test('a signal that was aborted before sends nothing', async () => {
  const { channel, seen } = pair();
  await expect(channel.call({ kind: 'status' }, AbortSignal.abort())).rejects.toMatchObject({
    code: 'aborted',
  });
  expect(seen).toEqual([]);
});

test('closing rejects what is in flight', async () => {
  const { channel } = pair();
  const call = channel.call({ kind: 'status' });
  channel.close();
  await expect(call).rejects.toMatchObject({ code: 'agent-unavailable' });
});
