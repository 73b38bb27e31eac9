// Pages that know `navigator.credentials` only: a page for SimpleWebAuthn, the example of the package's README, plain scripts.
import { expect, installed, test } from '../support/shop.ts';
import { LOOK_MS } from '../support/visitor.ts';

test('a page written for SimpleWebAuthn registers and signs in, unchanged', async ({
  phone,
  server,
  camera,
  recorder,
}) => {
  test.setTimeout(5 * LOOK_MS);
  const ada = await phone.open();
  await installed(ada.page);
  await ada.tap(ada.button('Register'));
  await expect(ada.prompt('consent')).toBeVisible({ timeout: LOOK_MS });
  await ada.keep('shop-consent');
  await ada.tapAgent('Agree and continue');
  const told = ada.page.locator('#told');
  await expect(told).toHaveText('registered ada', { timeout: LOOK_MS });
  expect(server.user('list')).toContain('ada');
  await ada.page.evaluate(() => fetch('/api/session', { method: 'DELETE' }));
  expect(await ada.session()).toBeNull();

  camera.sit('far');
  await ada.tap(ada.button('Sign in'));
  await expect(told).toHaveText('signed in ada', { timeout: LOOK_MS });
  expect(await ada.session()).toBe('ada');
  await ada.expectCameraOff();
  await ada.keep('shop-signed-in');

  // The library's own words for what went wrong.
  await ada.tap(ada.button('Register'));
  await ada.tapAgent('Agree and continue');
  await expect(told).toHaveText('InvalidStateError: ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED', {
    timeout: LOOK_MS,
  });
  expect(recorder.foreign).toEqual([]);
});

test("the example of the package's README registers", async ({ phone, server }) => {
  const ada = await phone.open();
  await installed(ada.page);
  await ada.page.evaluate(() => {
    (globalThis as unknown as { mien: { uninstall(): void } }).mien.uninstall();
    const path = '/readme.js';
    void import(path);
  });
  await expect(ada.prompt('consent')).toBeVisible({ timeout: LOOK_MS });
  await ada.tapAgent('Agree and continue');
  await expect.poll(() => server.user('list'), { timeout: LOOK_MS }).toContain('ada');
});
