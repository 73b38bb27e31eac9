// The site no longer knows the sign-in that was just used: it was deregistered, and this browser's part went with it.
import { element } from '../../common/element';
import { sign } from '../../common/sign';
import type { App } from '../app';
import { frame, heading, linkButton } from '../screen-parts';

/** `#/gone` */
export function gone(app: App): HTMLElement {
  const erased = app.gone?.erased ?? false;
  return frame(
    app,
    'screen-gone',
    [
      sign(erased ? 'check' : 'warning', erased ? 'good' : 'bad'),
      heading('This sign-in is no longer known'),
      element(
        'p',
        { class: 'lede' },
        erased
          ? 'The site has deleted it and says so under its signature. This browser has erased your face data and the key for it.'
          : 'The site has deleted it. This browser could not erase its part; the key left here opens nothing any more. To erase your face data, clear the site data in the browser settings.',
      ),
    ],
    [
      linkButton('Create a new account', 'primary', '#/create', 'go-create'),
      linkButton('To the first screen', 'secondary', '#/', 'go-home'),
    ],
  ).element;
}
