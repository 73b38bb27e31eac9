// A screen that could not be built: what went wrong, and a way on.
import { element } from '../../common/element';
import { sign } from '../../common/sign';
import type { App } from '../app';
import { errorText } from '../error-text';
import { button, frame, heading, linkButton } from '../screen-parts';

/** `again` builds the same screen anew. */
export function failure(app: App, error: unknown, again: () => void): HTMLElement {
  const { title, text } = errorText(error);
  return frame(
    app,
    'screen-failure',
    [sign('warning', 'bad'), heading(title), element('p', { class: 'lede' }, text)],
    [
      button('Try again', 'primary', 'try-again', again),
      linkButton('To the first screen', 'secondary', '#/', 'go-home'),
    ],
  ).element;
}
