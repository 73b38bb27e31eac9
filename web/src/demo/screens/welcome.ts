// The first screen: what this is, and the two ways in.
import { element } from '../../common/element';
import { icon } from '../../common/icon';
import { tickRing } from '../../common/tick-ring';
import type { App } from '../app';
import type { Way } from '../flows/ports';
import { signIn } from '../flows/sign-in';
import { button, frame, heading, linkButton } from '../screen-parts';

/** `#/` */
export function welcome(app: App): HTMLElement {
  const ring = tickRing();
  ring.element.classList.add('sweep');
  const screen = frame(
    app,
    'screen-welcome',
    [
      element('div', { class: 'hero' }, ring.element, icon('mien')),
      heading('Sign in with a look'),
      element(
        'p',
        { class: 'lede' },
        'Your device recognises you and signs you in with a key of its own. Your face never leaves it.',
      ),
    ],
    [
      button('Sign in with a look', 'primary', 'sign-in-face', () => void start('face'), 'face'),
      linkButton('Create account', 'secondary', '#/create', 'go-create'),
      button('Sign in with a passkey', 'quiet', 'sign-in-passkey', () => void start('passkey')),
    ],
  );
  screen.element.classList.add('centred-screen');

  const start = (way: Way) =>
    screen.run(async () => {
      if (way === 'face' && (await app.ports.face.status()).credentials === 0) {
        return screen.tell({
          title: 'No face sign-in in this browser',
          text: 'Create an account to set one up, or sign in with a passkey.',
        });
      }
      const result = await signIn(app.ports, way);
      if (result.outcome === 'signed-in') return app.go('#/account');
      app.gone = { erased: result.erased };
      app.go('#/gone');
    });
  // Who is signed in already belongs on the account page; who has begun something here is not moved.
  void app.ports.server.session().then(
    () => screen.element.isConnected && !screen.busy() && app.go('#/account'),
    () => undefined,
  );
  return screen.element;
}
