// Ways out of the agent's ceremony: aborts, a second request, the browser's own authenticators, a policy that forbids it.
import type { Page } from '@playwright/test';
import { addPasskeys } from '../support/passkeys.ts';
import { expect, installed, test } from '../support/shop.ts';
import { LOOK_MS } from '../support/visitor.ts';

type Mien = {
  builtIn: Pick<CredentialsContainer, 'create' | 'get'>;
  uninstall(): void;
};
type Helpers = {
  mien: Mien;
  ask(change?: object): CredentialCreationOptions;
  ending(asked: Promise<unknown>): Promise<string>;
};

/** What the scripts below share, inside the page. */
async function prepare(page: Page): Promise<void> {
  await installed(page);
  await page.evaluate(() => {
    const ask = (change: object = {}) => ({
      publicKey: {
        challenge: new Uint8Array(32),
        rp: { name: 'Shop' },
        user: { id: new Uint8Array([1]), name: 'ada', displayName: 'Ada' },
        pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
        ...change,
      },
    });
    const ending = (asked: Promise<unknown>) =>
      asked.then(
        (made) => (made instanceof PublicKeyCredential ? 'a credential' : String(made)),
        (error: unknown) => (error instanceof Error ? error.name : `reason: ${error}`),
      );
    Object.assign(globalThis, { ask, ending });
  });
}

test('an abort passes its reason on and closes the sheet; a second request waits for nobody', async ({
  phone,
}) => {
  const ada = await phone.open();
  await prepare(ada.page);
  const first = ada.page.evaluate(() => {
    const { ask, ending } = globalThis as unknown as Helpers;
    const stop = new AbortController();
    Object.assign(globalThis, { stop });
    return ending(navigator.credentials.create({ ...ask(), signal: stop.signal }));
  });
  await expect(ada.prompt('consent')).toBeVisible({ timeout: LOOK_MS });
  const second = await ada.page.evaluate(() => {
    const { ask, ending } = globalThis as unknown as Helpers;
    return ending(navigator.credentials.create(ask()));
  });
  expect(second).toBe('NotAllowedError');
  // Aborting and asking again in one go, as libraries do.
  const third = ada.page.evaluate(() => {
    const { ask, ending, stop } = globalThis as unknown as Helpers & { stop: AbortController };
    stop.abort('changed my mind');
    return ending(navigator.credentials.create(ask()));
  });
  expect(await first).toBe('reason: changed my mind');
  await expect(ada.prompt('consent')).toBeVisible({ timeout: LOOK_MS });
  await ada.tapAgent('Not now');
  expect(await third).toBe('NotAllowedError');
  await expect(ada.page.locator('dialog[open]')).toHaveCount(0);
  await ada.expectCameraNeverOn();
});

test('who wants a passkey gets one, and roaming and other requests never reach the agent', async ({
  phone,
}) => {
  const ada = await phone.open();
  await addPasskeys(ada.page);
  await prepare(ada.page);
  const chosen = ada.page.evaluate(() => {
    const { ask, ending } = globalThis as unknown as Helpers;
    return ending(navigator.credentials.create(ask()));
  });
  await expect(ada.prompt('consent')).toBeVisible({ timeout: LOOK_MS });
  await ada.tapAgent('Use a passkey');
  expect(await chosen).toBe('a credential');
  const others = await ada.page.evaluate(async () => {
    const { ask, ending, mien } = globalThis as unknown as Helpers;
    const { create } = navigator.credentials;
    const found = {
      direct: await ending(mien.builtIn.create(ask())),
      password: await ending(
        navigator.credentials.get({ password: true, mediation: 'silent' } as CredentialRequestOptions),
      ),
      nothing: await ending(navigator.credentials.create()),
    };
    mien.uninstall();
    const restored = navigator.credentials.create !== create && String(navigator.credentials.create);
    return { ...found, restored, after: await ending(navigator.credentials.create(ask())) };
  });
  expect(others).toMatchObject({ direct: 'a credential', password: 'null', after: 'a credential' });
  expect(others.nothing).toBe('NotSupportedError');
  expect(others.restored).toContain('[native code]');
  await expect(ada.page.locator('iframe')).toHaveCount(0);

  const [sentBack, asked] = await ada.page.evaluate(async () => {
    const { ask, ending } = globalThis as unknown as Helpers;
    const library = '/mien/index.js';
    const { install } = (await import(library)) as {
      install(agent: string, options: { useBuiltIn(kind: string): boolean }): Mien;
    };
    const { agentOrigin } = (await (await fetch('/api/config')).json()) as { agentOrigin: string };
    const kinds: string[] = [];
    const mien = install(agentOrigin, { useBuiltIn: (kind) => kinds.push(kind) > 0 });
    const made = await ending(navigator.credentials.create(ask()));
    // Those that the agent cannot answer are not asked about.
    const selection = { authenticatorSelection: { authenticatorAttachment: 'cross-platform' } };
    const stop = AbortSignal.timeout(500);
    await ending(navigator.credentials.create({ ...ask(selection), signal: stop }));
    mien.uninstall();
    return [made, kinds];
  });
  expect(sentBack).toBe('a credential');
  expect(asked).toEqual(['create']);
});

test('a page that its policy forbids credentials gets none', async ({ phone }) => {
  const ada = await phone.open();
  const document = `${ada.origins.relyingParty}/`;
  await ada.page.route(document, async (route) => {
    const response = await route.fetch();
    const headers = { ...response.headers(), 'permissions-policy': 'publickey-credentials-create=()' };
    await route.fulfill({ response, headers });
  });
  await ada.page.reload();
  await prepare(ada.page);
  const told = await ada.page.evaluate(() => {
    const { ask, ending } = globalThis as unknown as Helpers;
    return ending(navigator.credentials.create(ask()));
  });
  expect(told).toBe('NotAllowedError');
  await expect(ada.page.locator('dialog[open]')).toHaveCount(0);
});
