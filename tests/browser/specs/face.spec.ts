// The main job: a face registers, and signs in on another day, after a reload and after a restart.
import { LOOK_MS } from '../support/visitor.ts';
import { expect, test } from '../support/world.ts';

test('enrols on one take, signs in on another, after a reload and after a restart', async ({
  phone,
  camera,
  recorder,
}) => {
  test.setTimeout(5 * LOOK_MS);
  let ada = await phone.open();
  await ada.keep('welcome');
  await ada.beginRegistration('Ada');
  await ada.keep('consent');
  await ada.expectCameraNeverOn();
  await ada.tapAgent('Agree and continue');
  await expect(ada.prompt('capture')).toBeVisible();
  await ada.keep('enrolment');
  await expect(ada.heading('Hello, Ada')).toBeVisible({ timeout: LOOK_MS });
  await ada.expectCameraOff();
  await ada.keep('account');
  await expect(ada.page.getByTestId('credential')).toHaveCount(1);
  await ada.signOut();

  camera.sit('far');
  await ada.beginSignIn();
  await expect(ada.prompt('capture')).toBeVisible({ timeout: LOOK_MS });
  await ada.keep('sign-in');
  await expect(ada.heading('Hello, Ada')).toBeVisible({ timeout: LOOK_MS });
  await ada.expectCameraOff();
  await ada.signOut();

  await ada.page.reload();
  await ada.signIn('Ada');
  await ada.signOut();

  ada = await phone.open();
  await ada.signIn('Ada');
  await ada.expectCameraOff();
  expect(await ada.session()).toBe('Ada');
  expect(recorder.foreign).toEqual([]);
});

test('consent is asked before the camera, and a no leaves nothing behind', async ({
  phone,
  server,
  recorder,
}) => {
  const ada = await phone.open();
  await ada.beginRegistration('Ada');
  await ada.tapAgent('Not now');
  await expect(ada.page.getByTestId('notice')).toBeVisible();
  await ada.keep('declined');
  await ada.expectCameraNeverOn();
  expect(recorder.requests.filter(({ url }) => url.endsWith('/api/registration/result'))).toEqual([]);
  expect(server.user('list')).toBe('');
});

test('consent can be withdrawn, and then nothing is left here', async ({ phone, camera }) => {
  const ada = await phone.open();
  await ada.register('Ada');
  await ada.signOut();
  // A look that would succeed could be over before the finger is there.
  camera.show('no-face');
  await ada.beginSignIn();
  await ada.tapAgent('Your face data');
  await expect(ada.prompt('about-data')).toBeVisible();
  await ada.expectCameraOff();
  await ada.keep('about-data');
  await ada.tapAgent('Withdraw consent and erase');
  await expect(ada.prompt('withdrawn')).toContainText('Consent withdrawn');
  await ada.keep('withdrawn');
  await ada.tapAgent('Close');
  await ada.beginSignIn();
  await expect(ada.page.getByTestId('notice')).toContainText('No face sign-in in this browser');
  expect(await ada.session()).toBeNull();
});

test('works without what Safari and Firefox lack', async ({ phone }) => {
  const ada = await phone.open();
  await ada.page.context().addInitScript(() => {
    for (const name of [
      'MediaStreamTrackProcessor',
      'VideoFrame',
      'SharedArrayBuffer',
      'requestIdleCallback',
      'scheduler',
    ]) {
      Reflect.deleteProperty(window, name);
    }
    Reflect.deleteProperty(HTMLVideoElement.prototype, 'requestVideoFrameCallback');
  });
  await ada.page.reload();
  await ada.beginRegistration('Ada');
  await ada.tapAgent('Agree and continue');
  const video = ada.agent.locator('video');
  await expect(video).toHaveAttribute('playsinline', '');
  expect(await video.evaluate((element: HTMLVideoElement) => element.muted)).toBe(true);
  await expect(ada.heading('Hello, Ada')).toBeVisible({ timeout: LOOK_MS });
});

test('with two accounts in one browser the person says which', async ({ phone, camera }) => {
  test.setTimeout(5 * LOOK_MS);
  const ada = await phone.open();
  await ada.register('Ada');
  await ada.signOut();
  await ada.register('Bea');
  await ada.signOut();
  camera.sit('far');
  await ada.beginSignIn();
  await expect(ada.prompt('accounts')).toBeVisible({ timeout: LOOK_MS });
  await ada.expectCameraOff();
  await ada.keep('accounts');
  await ada.tapAgent('Ada');
  await expect(ada.heading('Hello, Ada')).toBeVisible({ timeout: LOOK_MS });
  expect(await ada.session()).toBe('Ada');
});
