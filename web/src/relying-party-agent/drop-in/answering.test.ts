// One ceremony at a time, with an agent that the test scripts; the real one runs in the browser tests.
import { expect, test } from 'vitest';
import type { Call } from '../../message-port/messages';
import { MienError } from '../mien-error';
import { answering, type OurOptions } from './answering';

/** An agent whose answers the test gives, what it was asked, and what its sheet did. */
function setUp(change: { permitted?: boolean } = {}) {
  const log: string[] = [];
  const asked: { call: Call; answer(json: object): void; refuse(error: unknown): void }[] = [];
  const agent = {
    channel: {
      call: (call: Call, signal?: AbortSignal) =>
        new Promise<unknown>((answer, refuse) => {
          log.push(call.kind);
          signal?.addEventListener('abort', () => refuse(new MienError('aborted')));
          asked.push({ call, answer, refuse });
        }),
      close() {},
    },
    sheet: { show: () => void log.push('show'), hide: () => void log.push('hide') },
  };
  const own = async (name: string) => {
    log.push(name);
    return null;
  };
  const answer = answering(
    async () => agent,
    { create: () => own('built-in create'), get: () => own('built-in get') },
    (json) => json as unknown as PublicKeyCredential,
    () => change.permitted ?? true,
  );
  return { answer, asked, log };
}

const options = (signal?: AbortSignal) =>
  ({ publicKey: { challenge: Uint8Array.of(1) }, ...(signal && { signal }) }) as unknown as OurOptions;
const turns = () => new Promise((resolve) => setTimeout(resolve));

test('the answer of the agent is what the page gets', async () => {
  const { answer, asked, log } = setUp();
  const got = answer('get', options());
  await turns();
  expect(asked[0]?.call).toEqual({ kind: 'get', publicKey: { challenge: 'AQ' } });
  asked[0]?.answer({ id: 'c' });
  await expect(got).resolves.toEqual({ id: 'c' });
  expect(log).toEqual(['show', 'get', 'hide']);
});

test('a second request during the first is not allowed, and one after it is', async () => {
  const { answer, asked } = setUp();
  const first = answer('get', options());
  await expect(answer('get', options())).rejects.toMatchObject({ name: 'NotAllowedError' });
  await turns();
  asked[0]?.refuse(new MienError('not-allowed'));
  await expect(first).rejects.toMatchObject({ name: 'NotAllowedError' });
  const next = answer('get', options());
  await turns();
  asked[1]?.answer({ id: 'd' });
  await expect(next).resolves.toEqual({ id: 'd' });
});

test.each([[new TypeError('mine')], ['a word'], [undefined]])(
  'reason %s of an abort is passed on',
  async (reason) => {
    const { answer } = setUp();
    const stop = new AbortController();
    const got = answer('get', options(stop.signal));
    await turns();
    stop.abort(reason);
    await expect(got).rejects.toBe(stop.signal.reason);
    await expect(answer('get', options(stop.signal))).rejects.toBe(stop.signal.reason);
  },
);

test('aborting and asking again at once works, and the first sheet is gone before the second comes', async () => {
  const { answer, asked, log } = setUp();
  const stop = new AbortController();
  const first = answer('get', options(stop.signal));
  await turns();
  stop.abort();
  const second = answer('get', options());
  await expect(first).rejects.toMatchObject({ name: 'AbortError' });
  await turns();
  asked[1]?.answer({ id: 'e' });
  await expect(second).resolves.toEqual({ id: 'e' });
  expect(log).toEqual(['show', 'get', 'hide', 'show', 'get', 'hide']);
});

test('who asks for a passkey instead gets the built-in one', async () => {
  const { answer, asked, log } = setUp();
  const got = answer('get', options());
  await turns();
  asked[0]?.refuse(new MienError('fallback-requested'));
  await expect(got).resolves.toBeNull();
  expect(log.at(-1)).toBe('built-in get');
});

test('what the policy does not permit opens nothing', async () => {
  const { answer, log } = setUp({ permitted: false });
  await expect(answer('get', options())).rejects.toMatchObject({ name: 'NotAllowedError' });
  expect(log).toEqual([]);
});

test('malformed options open nothing and leave the way free', async () => {
  const { answer, log } = setUp();
  await expect(answer('create', options())).rejects.toThrow(TypeError);
  expect(log).toEqual([]);
  void answer('get', options());
  await turns();
  expect(log).toEqual(['show', 'get']);
});
