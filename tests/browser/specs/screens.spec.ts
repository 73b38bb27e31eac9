// Every screen that needs no face: in both colour schemes, with a long name, by keyboard, with its words in place.
import { addPasskeys } from '../support/passkeys.ts';
import { expect, test } from '../support/world.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`screens without a look, ${colorScheme}`, async ({ phone, recorder }) => {
    const ada = await phone.open({ colorScheme });
    await addPasskeys(ada.page);
    await expect(ada.heading('Sign in with a look')).toBeVisible();
    await ada.keep(`${colorScheme}-welcome`);

    await ada.tap(ada.link('Privacy'));
    await expect(ada.heading('Privacy')).toBeVisible();
    await expect(ada.page.getByText('operator@localhost')).toBeVisible();
    await ada.keep(`${colorScheme}-privacy`);

    await ada.visit('/create');
    await ada.tap(ada.button('Continue with your face'));
    await expect(ada.page.getByTestId('name-problem')).not.toBeEmpty();
    await ada.keep(`${colorScheme}-create-without-name`);

    await ada.page.getByLabel('Account name').fill('W'.repeat(64));
    await ada.tap(ada.button('Use a passkey'));
    await expect(ada.page.getByTestId('credential')).toBeVisible();
    await ada.keep(`${colorScheme}-account-long-name`);
    await ada.tap(ada.link('Delete everything'));
    await expect(ada.page.getByTestId('screen-delete')).toBeVisible();
    await ada.keep(`${colorScheme}-confirm-deletion`);
    await ada.tap(ada.button('Delete everything'));
    await expect(ada.page.getByTestId('screen-deleted')).toBeVisible();
    await ada.keep(`${colorScheme}-deleted`);

    await ada.visit('/account');
    await expect(ada.page.locator('main')).not.toBeEmpty();
    await ada.keep(`${colorScheme}-signed-out`);
    expect(recorder.foreign).toEqual([]);
  });
}

test("the agent's own address says that there is nothing to do", async ({ phone, server }) => {
  const ada = await phone.open();
  await ada.page.goto(server.agent);
  await expect(ada.page.getByRole('heading', { level: 1 })).toHaveText('Nothing to do here');
  await ada.keep('agent-alone');
});

test('an account can be made by keyboard alone', async ({ phone }) => {
  const ada = await phone.open();
  await addPasskeys(ada.page);
  const focusOn = async (name: string | RegExp) => {
    for (let steps = 0; steps < 20; steps += 1) {
      await ada.page.keyboard.press('Tab');
      const focused = ada.page.locator(':focus');
      const label =
        (await focused.count()) > 0 ? await focused.evaluate((element) => element.textContent ?? '') : '';
      if (label.match(name)) return;
    }
    throw new Error(`the Tab key never reaches ${name}`);
  };
  await focusOn('Create account');
  await ada.page.keyboard.press('Enter');
  await expect(ada.heading('Create your account')).toBeFocused();
  await ada.page.getByLabel('Account name').focus();
  await ada.page.keyboard.type('Ada');
  await focusOn('Use a passkey');
  await ada.page.keyboard.press('Enter');
  await expect(ada.heading('Hello, Ada')).toBeVisible();
});

test('the pages keep their content security policy', async ({ phone }) => {
  const ada = await phone.open();
  const violations: string[] = [];
  ada.page.on('console', (message) => {
    if (/content security policy|trusted ?types|permissions policy/i.test(message.text()))
      violations.push(message.text());
  });
  await ada.page.reload();
  await ada.beginRegistration('Ada');
  await ada.tapAgent('Not now');
  await ada.visit('/privacy');
  await expect(ada.heading('Privacy')).toBeVisible();
  expect(violations).toEqual([]);
});
