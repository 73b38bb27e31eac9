// Signed in: who, with which credentials, and what can be done about them.
import { element } from '../../common/element';
import type { Credential } from '../api/server';
import type { App } from '../app';
import { credentialCard } from '../credential-card';
import type { Way } from '../flows/ports';
import { register } from '../flows/register';
import { button, frame, heading, linkButton } from '../screen-parts';

/** `#/account`; throws `not-signed-in` without a session. */
export async function account(app: App): Promise<HTMLElement> {
  const { username } = await app.ports.server.session();
  const credentials = await app.ports.server.credentials();
  // Only a hint for one button; the screen does not wait for it to fail.
  const hasFace = credentials.some(({ kind }) => kind === 'mien-face');

  const screen = frame(
    app,
    'screen-account',
    [
      element('p', { class: 'eyebrow' }, 'Signed in'),
      heading(`Hello, ${username}`),
      element('h2', {}, 'Your sign-ins'),
      list(credentials),
      hasFace ? null : button('Add your face', 'secondary', 'add-face', () => add('face'), 'face'),
      button('Add a passkey', 'secondary', 'add-passkey', () => add('passkey'), 'key'),
      linkButton('Delete everything', 'danger', '#/delete/all', 'delete-all'),
    ],
    [button('Sign out', 'primary', 'sign-out', () => void signOut())],
  );

  function add(way: Way) {
    void screen.run(async () => {
      await register(app.ports, username, way);
      app.go('#/account');
    });
  }

  const signOut = () =>
    screen.run(async () => {
      await app.ports.server.signOut();
      app.go('#/');
    });
  return screen.element;
}

function list(credentials: readonly Credential[]): HTMLElement {
  return element(
    'ul',
    { class: 'cards', 'data-testid': 'credentials' },
    ...credentials.map((credential) => element('li', {}, credentialCard(credential, true))),
  );
}
