// Attestation by certificates from the agent's own origin, demanded by a relying party that knows its root.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as paths from '../support/paths.ts';
import { Server } from '../support/server.ts';
import { LOOK_MS } from '../support/visitor.ts';
import { test as base, expect } from '../support/world.ts';

/** Makes an authority in `folder`. */
function authority(folder: string): string {
  const words = ['attestation-authority', folder, '--country', 'SE', '--organization', 'Example'];
  const made = spawnSync(paths.server(), words, { encoding: 'utf8' });
  expect(made.status, made.stderr).toBe(0);
  return folder;
}

/** The server certifies by one authority and demands certificates of this one, or of another. */
const test = base.extend<{ trusted: 'own' | 'another' }>({
  trusted: ['own', { option: true }],
  server: async ({ folder, recorder, trusted }, use) => {
    const own = authority(join(folder, 'own'));
    const roots = join(trusted === 'own' ? own : authority(join(folder, trusted)), 'attestation-root.pem');
    const demanding = ['--attestation', 'direct', '--attestation-roots', roots];
    const server = await Server.start(folder, { extra: ['--attestation-authority', own, ...demanding] });
    recorder.allow(server.relyingParty, server.agent);
    await use(server);
    await server.stop();
  },
});

test("the agent's origin certifies a credential, and who knows its root takes it", async ({
  phone,
  server,
  recorder,
}) => {
  const ada = await phone.open();
  await ada.register('Ada');
  const credentials = await ada.page.evaluate(async () => (await fetch('/api/credentials')).json());
  expect(credentials).toMatchObject([{ attestation: 'certificates' }]);
  await ada.signOut();
  await ada.signIn('Ada');
  // The provider was asked once, with a key and nothing of relying party or person.
  const asked = recorder.requests.filter(({ url }) => url.endsWith('/attestation/certificate'));
  expect(asked).toHaveLength(1);
  expect(asked[0]?.url).toBe(`${server.agent}/attestation/certificate`);
  expect(asked[0]?.body.toString()).toMatch(/^\{"publicKey":"[\w-]{122}"\}$/);
  expect(recorder.foreign).toEqual([]);
});

test.describe('who knows another root', () => {
  test.use({ trusted: 'another' });

  test('refuses it', async ({ phone, server }) => {
    const ada = await phone.open();
    await ada.beginRegistration('Ada');
    await ada.tapAgent('Agree and continue');
    await expect(ada.page.getByRole('alert')).toBeVisible({ timeout: LOOK_MS });
    await expect(ada.page.getByRole('alert')).toContainText('does not take this kind of sign-in');
    expect(server.user('list')).not.toMatch(/ada/i);
  });
});
