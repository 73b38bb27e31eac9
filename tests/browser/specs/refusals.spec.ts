// What is not the enrolled face, moving and alone before a working camera: its own message, no signature, camera off.
import { addPasskeys } from '../support/passkeys.ts';
import type { Recorder } from '../support/recorder.ts';
import { LOOK_MS } from '../support/visitor.ts';
import { expect, test } from '../support/world.ts';

const signatures = (recorder: Recorder) =>
  recorder.requests.filter(({ url }) => /\/api\/\w+\/result$/.test(url));

test('another man is refused three times, and then has to wait', async ({ phone, camera, recorder }) => {
  test.setTimeout(5 * LOOK_MS);
  let ada = await phone.open();
  await ada.register('Ada');
  await ada.signOut();
  recorder.clear();

  // He does what is asked.
  camera.sit('other');
  await ada.beginSignIn();
  let refusals = 0;
  for (;;) {
    await expect(ada.prompt('refused').or(ada.prompt('wait'))).toBeVisible({ timeout: LOOK_MS });
    await ada.expectCameraOff();
    if (await ada.prompt('wait').isVisible()) break;
    refusals += 1;
    await ada.keep(`refused-${refusals}`);
    expect(refusals).toBeLessThanOrEqual(3);
    await ada.tapAgent('Try again');
    await expect(ada.prompt('refused')).toBeHidden();
  }
  await ada.keep('wait');
  // The third look is refused too: its answer is the wait.
  expect(refusals).toBe(2);
  await expect(ada.agentButton('Try again')).toBeDisabled();
  await expect(ada.agent.getByTestId('wait-left')).toContainText(/\d/);

  // Neither a reload nor a restart makes the wait any shorter, not even for the right face.
  camera.sit('far');
  ada = await phone.open();
  await ada.beginSignIn();
  await expect(ada.prompt('wait')).toBeVisible({ timeout: LOOK_MS });
  expect(signatures(recorder)).toEqual([]);
  expect(await ada.session()).toBeNull();

  // Once it is over, the right face gets in.
  await expect(ada.agentButton('Try again')).toBeEnabled({ timeout: 60_000 });
  await ada.tapAgent('Try again');
  await expect(ada.heading('Hello, Ada')).toBeVisible({ timeout: LOOK_MS });
});

const pictures = [
  { video: 'no-face', guidance: 'no-face', words: 'Bring your face into the circle' },
  { video: 'two-faces', guidance: 'several-faces', words: 'Only one face, please' },
] as const;

for (const { video, guidance, words } of pictures) {
  test(`${video}: nothing is captured, at enrolment and at sign-in`, async ({
    phone,
    camera,
    recorder,
    server,
  }) => {
    const ada = await phone.open();
    camera.show(video);
    await ada.beginRegistration('Ada');
    await ada.tapAgent('Agree and continue');
    await expect(ada.prompt('capture')).toHaveAttribute('data-guidance', guidance, { timeout: LOOK_MS });
    await expect(ada.agent.getByTestId('guidance')).toHaveText(words);
    await ada.keep(`enrolment-${video}`);
    // A round of the video: whatever is captured in it would have been captured by then.
    await ada.page.waitForTimeout(8000);
    await expect(ada.prompt('capture')).toHaveAttribute('data-captured', '0');
    await ada.tapAgent('Cancel');
    await ada.expectCameraOff();
    expect(signatures(recorder)).toEqual([]);
    expect(server.user('list')).toBe('');

    camera.sit('near');
    await ada.register('Ada');
    await ada.signOut();
    recorder.clear();
    camera.show(video);
    await ada.beginSignIn();
    await expect(ada.prompt('capture')).toHaveAttribute('data-guidance', guidance, { timeout: LOOK_MS });
    await ada.page.waitForTimeout(5000);
    await ada.tapAgent('Cancel');
    await ada.expectCameraOff();
    expect(signatures(recorder)).toEqual([]);
    expect(await ada.session()).toBeNull();
  });
}

test('a frozen picture is named and signs nothing', async ({ phone, camera, recorder }) => {
  const ada = await phone.open();
  await ada.register('Ada');
  await ada.signOut();
  recorder.clear();
  camera.show('frozen');
  await ada.beginSignIn();
  await expect(ada.prompt('frozen-picture')).toBeVisible({ timeout: LOOK_MS });
  await expect(ada.prompt('frozen-picture')).toContainText('The picture does not move');
  await ada.keep('frozen-picture');
  await ada.expectCameraOff();
  expect(signatures(recorder)).toEqual([]);
  camera.sit('far');
  await ada.tapAgent('Try again');
  await expect(ada.heading('Hello, Ada')).toBeVisible({ timeout: LOOK_MS });
});

test('a camera that is refused is told, with a passkey as the way on', async ({
  phone,
  recorder,
  server,
}) => {
  const ada = await phone.open({ camera: 'refused' });
  await addPasskeys(ada.page);
  await ada.beginRegistration('Ada');
  await ada.tapAgent('Agree and continue');
  await expect(ada.prompt('camera-refused')).toContainText('The camera is not allowed');
  await ada.keep('camera-refused');
  expect(signatures(recorder)).toEqual([]);
  expect(server.user('list')).toBe('');
  await ada.tapAgent('Use a passkey');
  await expect(ada.heading('Hello, Ada')).toBeVisible();
  await expect(ada.page.getByTestId('credential')).toHaveAttribute('data-kind', 'passkey');
  await ada.keep('account-passkey');
  await ada.signOut();
  await ada.tap(ada.button('Sign in with a passkey'));
  await expect(ada.heading('Hello, Ada')).toBeVisible();
});

test('a device without a camera is told so', async ({ phone, recorder }) => {
  const ada = await phone.open({ camera: 'none' });
  await ada.beginRegistration('Ada');
  await ada.tapAgent('Agree and continue');
  await expect(ada.prompt('camera-missing')).toContainText('No camera found');
  await ada.keep('camera-missing');
  await ada.tapAgent('Cancel');
  await expect(ada.page.getByTestId('notice')).toBeVisible();
  expect(signatures(recorder)).toEqual([]);
});

test('a camera that is unplugged in the middle ends the look', async ({ phone, camera, recorder }) => {
  const ada = await phone.open();
  // Nothing here completes a look, so the plug is surely pulled in the middle of one.
  camera.show('no-face');
  await ada.beginRegistration('Ada');
  await ada.tapAgent('Agree and continue');
  await expect(ada.prompt('capture')).toHaveAttribute('data-guidance', 'no-face', { timeout: LOOK_MS });
  camera.unplug();
  await expect(ada.prompt('camera-lost')).toContainText('The camera was disconnected');
  await ada.keep('camera-lost');
  await ada.expectCameraOff();
  expect(signatures(recorder)).toEqual([]);
  // Plugged in again, with a face before it.
  camera.sit('near');
  await ada.tapAgent('Try again');
  await expect(ada.heading('Hello, Ada')).toBeVisible({ timeout: LOOK_MS });
});
