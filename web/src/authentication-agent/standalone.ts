// What someone sees who opens the agent's address by itself: what it is, and that there is nothing to do here.
import { element } from '../common/element';
import { sign } from '../common/sign';

/** Fills the page. */
export function standalone(root: HTMLElement) {
  root.append(
    element(
      'section',
      { class: 'prompt message' },
      element(
        'div',
        { class: 'prompt-middle' },
        sign('face', 'plain'),
        element('h1', {}, 'Nothing to do here'),
        element(
          'p',
          { class: 'lede centred' },
          'This is the part of Mien that looks after your face and your keys. It works inside a site that you sign in to, and only there.',
        ),
      ),
    ),
  );
}
