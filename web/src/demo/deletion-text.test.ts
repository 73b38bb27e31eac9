import { expect, test } from 'vitest';
import { deletionText } from './deletion-text';

test('both parts gone', () => {
  const { site, here, passkeys } = deletionText({ server: 1, local: ['erased'], passkeys: 0 }, true);
  expect(site).toBe('Deleted your account and one sign-in.');
  expect(here).toEqual({ ok: true, text: 'Erased your face data and the key.' });
  expect(passkeys).toBeNull();
});

test('a failed erasure is never told as a success', () => {
  const { here } = deletionText({ server: 2, local: ['erased', 'failed'], passkeys: 0 }, true);
  expect(here.ok).toBe(false);
  expect(here.text).toContain('failed');
});

test('nothing here is not told as erased', () => {
  const { here } = deletionText({ server: 1, local: ['none-here'], passkeys: 0 }, false);
  expect(here.text).toContain('Held nothing');
});

test('a passkey is left to its manager', () => {
  const { here, passkeys, site } = deletionText({ server: 1, local: [], passkeys: 1 }, false);
  expect(site).toBe('Deleted one sign-in.');
  expect(here.text).toContain('no face data');
  expect(passkeys).toContain('passkey manager');
});
