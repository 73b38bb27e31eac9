import { expect, test } from 'vitest';
import { MienError } from './mien-error';
import type { Channel } from './open-channel';
import { runCeremony } from './run-ceremony';

/** A sheet that writes down what it is told, and a channel whose answer the test gives. */
function setUp(answer: (signal: AbortSignal | undefined) => Promise<unknown>) {
  const log: string[] = [];
  let dismiss = () => {};
  const channel: Channel = {
    call(call, signal) {
      log.push(call.kind);
      return answer(signal);
    },
    close() {},
  };
  const sheet = {
    show(onCancel: () => void) {
      log.push('show');
      dismiss = onCancel;
    },
    hide: (finished: boolean) => void log.push(finished ? 'hide later' : 'hide now'),
  };
  return { agent: { channel, sheet }, log, dismiss: () => dismiss() };
}

const untilAborted = (signal: AbortSignal | undefined) =>
  new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new MienError('aborted'))));

test('the sheet is up during the call, and the credential comes back', async () => {
  const { agent, log } = setUp(async () => ({ id: 'abc' }));
  await expect(runCeremony(agent, 'create', {}, {})).resolves.toEqual({ id: 'abc' });
  expect(log).toEqual(['show', 'create', 'hide later']);
});

test('an error hides the sheet at once', async () => {
  const { agent, log } = setUp(() => Promise.reject(new MienError('invalid-state')));
  await expect(runCeremony(agent, 'get', {}, {})).rejects.toMatchObject({ code: 'invalid-state' });
  expect(log).toEqual(['show', 'get', 'hide now']);
});

test('closing the sheet is a refusal, not an abort', async () => {
  const { agent, log, dismiss } = setUp(untilAborted);
  const result = runCeremony(agent, 'get', {}, {});
  dismiss();
  await expect(result).rejects.toMatchObject({ code: 'not-allowed' });
  expect(log).toEqual(['show', 'get', 'hide now']);
});

test("the caller's signal is an abort", async () => {
  const { agent, log } = setUp(untilAborted);
  const stop = new AbortController();
  const result = runCeremony(agent, 'get', {}, { signal: stop.signal });
  stop.abort();
  await expect(result).rejects.toMatchObject({ code: 'aborted' });
  expect(log).toEqual(['show', 'get', 'hide now']);
});

test('a signal aborted before shows nothing', async () => {
  const { agent, log } = setUp(untilAborted);
  await expect(runCeremony(agent, 'get', {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'aborted',
  });
  expect(log).toEqual([]);
});

test('an answer that is no credential is unknown', async () => {
  const { agent } = setUp(async () => 'hello');
  await expect(runCeremony(agent, 'get', {}, {})).rejects.toMatchObject({ code: 'unknown' });
});
