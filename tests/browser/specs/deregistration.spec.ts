// 27553-1 A.3.4: the person or the operator ends it, and nothing is left in either store.
import { readFileSync } from 'node:fs';
import { sealedRows } from '../support/agent-store.ts';
import { addPasskeys } from '../support/passkeys.ts';
import { OPERATOR } from '../support/server.ts';
import type { Visitor } from '../support/visitor.ts';
import { expect, test } from '../support/world.ts';

test('the person deletes everything: the server says so, the agent erases its part, sign-in fails', async ({
  phone,
  server,
  folder,
}) => {
  const ada = await phone.open();
  await ada.register('Ada Deleted');
  const id = await credentialId(ada);
  await ada.tap(ada.link('Delete everything'));
  await ada.keep('confirm-deletion');
  await ada.tap(ada.button('Delete everything'));
  await expect(ada.heading('Deleted')).toBeVisible();
  await expect(ada.page.getByTestId('result-site')).toContainText('Deleted your account');
  await expect(ada.page.getByTestId('result-here')).toContainText('Erased your face data and the key');
  await ada.keep('deleted');
  await ada.expectCameraOff();

  await ada.beginSignIn();
  await expect(ada.page.getByTestId('notice')).toContainText('No face sign-in in this browser');
  await ada.keep('no-face-sign-in');
  expect(await ada.session()).toBeNull();
  expect(server.user('list')).toBe('');
  expect(await sealedRows(ada)).toEqual([]);
  await server.stop();
  for (const trace of ['Ada Deleted', id, Buffer.from(id, 'base64url')]) {
    expect(readFileSync(`${folder}/mien.db`).includes(trace), `the database holds ${String(trace)}`).toBe(
      false,
    );
  }
});

test('one of two sign-ins is deleted, the other stays', async ({ phone }) => {
  const ada = await phone.open();
  await addPasskeys(ada.page);
  await ada.register('Ada');
  await ada.tap(ada.button('Add a passkey'));
  await expect(ada.page.getByTestId('credential')).toHaveCount(2);
  await ada.keep('account-two');
  await ada.tap(ada.link(/^Delete face/));
  await ada.tap(ada.button('Delete'));
  await expect(ada.page.getByTestId('result-here')).toContainText('Erased');
  await ada.tap(ada.link('Back to your account'));
  await expect(ada.page.getByTestId('credential')).toHaveCount(1);
  await expect(ada.page.getByTestId('credential')).toHaveAttribute('data-kind', 'passkey');
  expect(await sealedRows(ada)).toEqual([]);
});

test('the operator deregisters an account: the agent erases its part at the next use', async ({
  phone,
  server,
}) => {
  const ada = await phone.open();
  await ada.register('Ada');
  await ada.signOut();
  expect(await sealedRows(ada)).toContainEqual(expect.stringMatching(/^credential\//));
  expect(server.user('deregister', 'Ada')).toContain('Ada');
  expect(server.user('list')).toBe('');

  await ada.beginSignIn();
  await expect(ada.page.getByTestId('screen-gone')).toContainText('This browser has erased your face data');
  await ada.keep('gone');
  await ada.expectCameraOff();
  expect(await ada.session()).toBeNull();
  expect(await sealedRows(ada)).toEqual([]);
});

test('the operator deletes one credential by the administration call', async ({ phone, server }) => {
  const ada = await phone.open();
  await ada.register('Ada');
  const call = (token: string) =>
    fetch(`${server.relyingParty}/api/admin/credentials/${id}`, {
      method: 'DELETE',
      headers: {
        authorization: `Bearer ${token}`,
        origin: server.relyingParty,
        'content-type': 'application/json',
      },
    });
  const id = await credentialId(ada);
  expect((await call("a token that is not the operator's")).status).toBe(404);
  expect((await call(OPERATOR.MIEN_OPERATOR_TOKEN)).status).toBe(200);
  expect(await ada.session()).toBeNull();
  await ada.beginSignIn();
  await expect(ada.page.getByTestId('screen-gone')).toBeVisible({ timeout: 60_000 });
});

async function credentialId(visitor: Visitor): Promise<string> {
  return visitor.page.evaluate(async () => {
    const [credential] = (await (await fetch('/api/credentials')).json()) as { credentialId: string }[];
    return credential?.credentialId ?? '';
  });
}
