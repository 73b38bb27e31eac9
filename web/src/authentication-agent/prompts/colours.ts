// Said once before the screen shows colours for the first time, with the way to do without.
import { element } from '../../common/element';
import { sign } from '../../common/sign';
import { type Act, layout, type View } from './view';

/** The choice is kept in this browser; it can be changed on the screen after a look that did not work. */
export function coloursPrompt(act: Act): View {
  const section = layout(
    'prompt-colours',
    'Before the first look',
    [
      element('p', { class: 'lede centred' }, 'The screen will show soft colours for three seconds.'),
      element(
        'p',
        { class: 'centred' },
        'Their light on your face shows that you are here, and not a picture of you. Without them you turn your head once more.',
      ),
    ],
    [
      { act: 'with-colours', label: 'Continue', weight: 'primary' },
      { act: 'without-colours', label: 'Without colours', weight: 'secondary' },
      { act: 'cancel', label: 'Cancel', weight: 'quiet' },
    ],
    act,
  );
  section.classList.add('message');
  section.querySelector('h1')?.before(sign('light', 'plain'));
  return { element: section };
}
