// Consent before the camera: what is captured, why, how long, where it stays, and that there is another way.
import { element } from '../../common/element';
import { type IconName, icon } from '../../common/icon';
import type { Prompt } from '../ceremony-state';
import { type Act, layout, type View } from './view';

/** Each `dt` and `dd` is part of the notice: a change of meaning needs a new consent version in the core. */
const notice = (rpId: string): readonly [IconName, string, string][] => [
  [
    'camera',
    'What is captured',
    'Pictures of your face while you turn your head as asked. This device turns them into numbers that describe it.',
  ],
  [
    'purpose',
    'Why',
    `To check that it is you who signs in to ${rpId}, and not a picture of you: by the turns of your head and, if you like, by the light of this screen on your face. Nothing else.`,
  ],
  ['phone', 'Where it stays', 'Encrypted in this browser. Nothing of your face is ever sent.'],
  ['timer', 'How long', 'Pictures: until the look ends. Numbers: until you delete them.'],
  ['undo', 'Your choice', 'Withdraw at any time and all of it is erased. A passkey works just as well.'],
];

/** The consent prompt. */
export function consentPrompt({ rpId, userName }: Extract<Prompt, { at: 'consent' }>, act: Act): View {
  const who = userName === '' ? rpId : `${userName} at ${rpId}`;
  const section = layout(
    'prompt-consent',
    'May this device learn your face?',
    [
      element('p', { class: 'lede' }, `For ${who}.`),
      element(
        'dl',
        { class: 'notice' },
        ...notice(rpId).map(([name, term, text]) =>
          element('div', {}, icon(name), element('dt', {}, term), element('dd', {}, text)),
        ),
      ),
    ],
    [
      { act: 'agree', label: 'Agree and continue', weight: 'primary' },
      { act: 'cancel', label: 'Not now', weight: 'secondary' },
      { act: 'passkey', label: 'Use a passkey', weight: 'quiet' },
    ],
    act,
  );
  section.classList.add('paired');
  return { element: section };
}
