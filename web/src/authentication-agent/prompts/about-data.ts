// The way to withdraw consent, reachable from every look.
import { element } from '../../common/element';
import { type Act, layout, type View } from './view';

/** The camera is off while this is shown. */
export function aboutDataPrompt(act: Act): View {
  return {
    element: layout(
      'prompt-about-data',
      'Your face data',
      [
        element(
          'p',
          {},
          'This browser keeps numbers that describe your face and the key that they guard, encrypted. Pictures are never kept. Nothing of this leaves the device.',
        ),
        element(
          'p',
          {},
          'If you withdraw your consent, both are erased from this browser for this site. Your account there remains until you delete it; you would sign in to it with a passkey.',
        ),
      ],
      [
        { act: 'retry', label: 'Back to the camera', weight: 'primary' },
        { act: 'withdraw', label: 'Withdraw consent and erase', weight: 'danger' },
        { act: 'cancel', label: 'Cancel', weight: 'quiet' },
      ],
      act,
    ),
  };
}
