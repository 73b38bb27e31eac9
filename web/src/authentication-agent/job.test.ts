import { expect, test } from 'vitest';
import { jobOf } from './job';

test("the options go on as JSON text under the browser's origin", () => {
  const publicKey = { challenge: 'AA', timeout: 120_000 };
  expect(jobOf({ requestId: '1', kind: 'get', publicKey }, 'https://rp.example')).toEqual({
    requestId: '1',
    ceremony: 'get',
    origin: 'https://rp.example',
    publicKey: '{"challenge":"AA","timeout":120000}',
    timeoutMs: 120_000,
  });
});

test.each([
  [undefined, 300_000],
  ['soon', 300_000],
  [Number.NaN, 300_000],
  [-1, 30_000],
  [1e9, 600_000],
])('a wished time of %s becomes %s', (timeout, timeoutMs) => {
  expect(jobOf({ requestId: '1', kind: 'get', publicKey: { timeout } }, 'o').timeoutMs).toBe(timeoutMs);
});
