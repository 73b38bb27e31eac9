// Attestation by certificates from the agent's own origin, demanded by a relying party that knows its root.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as paths from '../support/paths.ts';
import { Server } from '../support/server.ts';
import { test as base, expect } from '../support/world.ts';

const ROOT = 'attestation-root.pem';

/** Makes an authority in `folder`. */
function authority(folder: string): string {
  const words = ['attestation-authority', folder, '--country', 'SE', '--organization', 'Example'];
  const made = spawnSync(paths.server(), words, { encoding: 'utf8' });
  expect(made.status, made.stderr).toBe(0);
  return folder;
}

const demanding = (roots: string) => ['--attestation', 'direct', '--attestation-roots', join(roots, ROOT)];

/** The server certifies by one authority and demands certificates of another, or of the same. */
const withAuthorities = (name: { trusted: string }) =>
  base.extend({
    server: async ({ folder, recorder }, use) => {
      const own = authority(join(folder, 'own'));
      const trusted = name.trusted === 'own' ? own : authority(join(folder, name.trusted));
      const extra = ['--attestation-authority', own, ...demanding(trusted)];
      const server = await Server.start(folder, { extra });
      recorder.allow(server.relyingParty, server.agent);
      await use(server);
      await server.stop();
    },
  });

withAuthorities({ trusted: 'own' })(
  'a credential is certified by the agent’s origin and taken by who knows its root',
  async ({ phone, server, recorder }) => {
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
  },
);

withAuthorities({ trusted: 'another' })(
  'it is refused by who knows another root',
  async ({ phone, server }) => {
    const ada = await phone.open();
    await ada.beginRegistration('Ada');
    await ada.tapAgent('Agree and continue');
    await expect(ada.page.getByRole('alert')).toBeVisible({ timeout: 60_000 });
    expect(server.user('list')).not.toMatch(/ada/i);
  },
);
