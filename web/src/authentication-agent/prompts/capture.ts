// The look: a round mirror, the ring that fills, an arrow for the turn that is asked for, one line of guidance.
import { element, svg } from '../../common/element';
import { throttle } from '../../common/throttle';
import { tickRing } from '../../common/tick-ring';
import type { State } from '../ceremony-state';
import type { Guidance } from '../worker-protocol';
import { announcer } from './announcer';
import { guidanceText } from './guidance-text';
import { showLight } from './screen-light';
import { type Act, type Action, layout, type View } from './view';

/** Long enough to read a line. */
const readMs = 600;

/** `video` is moved into the prompt; it keeps its stream. */
export function capturePrompt(video: HTMLVideoElement, { look, colours }: State, act: Act): View {
  const ring = tickRing();
  const line = element('p', { class: 'guidance', 'data-testid': 'guidance', 'aria-hidden': 'true' });
  const spoken = element('p', {
    class: 'visually-hidden',
    'aria-live': 'polite',
    'data-testid': 'guidance-spoken',
  });
  const count = element('p', { class: 'small centred', 'data-testid': 'capture-count' });
  const mirror = element('div', { class: 'mirror' }, video, ring.element, turnArrow());
  const verifies = look?.purpose === 'verify';
  const withColours = verifies && colours === 'on';
  const section = layout(
    'prompt-capture',
    'Face check',
    [mirror, element('div', { class: 'words' }, line, spoken, count)],
    actions(withColours),
    act,
  );
  section.classList.add('capture', withColours ? 'squared' : 'paired');
  const read = throttle<Guidance>((guidance) => {
    line.textContent = guidanceText(guidance);
    // The arrow and the line say the same at the same time.
    section.dataset['turn'] = guidance === 'turn-left' || guidance === 'turn-right' ? guidance : '';
  }, readMs);
  const say = announcer((text) => {
    spoken.textContent = text;
  });
  return {
    element: section,
    update({ prompt, look }) {
      if (prompt.at === 'opening-camera') {
        section.dataset['guidance'] = 'opening-camera';
        const text = 'Your browser may ask for the camera';
        line.textContent = text;
        spoken.textContent = text;
      }
      if (prompt.at !== 'capturing' || !look) return;
      section.dataset['guidance'] = prompt.guidance;
      section.dataset['captured'] = String(prompt.captured);
      section.classList.toggle('sees-face', prompt.hasFace);
      section.classList.toggle('is-good', prompt.guidance === 'good');
      section.classList.toggle('lit', prompt.light !== null);
      showLight(prompt.light);
      read.push(prompt.guidance);
      say.push(prompt.guidance);
      ring.fill(look.needed > 0 ? prompt.captured / look.needed : 0);
      count.textContent = verifies ? '' : `${prompt.captured} of ${look.needed} pictures taken`;
    },
    dispose() {
      showLight(null);
      read.stop();
      say.stop();
      video.remove();
    },
  };
}

function actions(withColours: boolean): Action[] {
  const usual: Action[] = [
    { act: 'cancel', label: 'Cancel', weight: 'secondary' },
    { act: 'passkey', label: 'Use a passkey', weight: 'quiet' },
    { act: 'about-data', label: 'Your face data', weight: 'quiet' },
  ];
  return withColours
    ? [...usual, { act: 'without-colours', label: 'Without colours', weight: 'quiet' }]
    : usual;
}

/** Points to the person's left until the style turns it; in a mirrored picture that is the left of the screen. */
function turnArrow(): HTMLElement {
  return element(
    'div',
    { class: 'turn-arrow', 'data-testid': 'turn-arrow', 'aria-hidden': 'true' },
    svg('svg', { viewBox: '0 0 24 24' }, svg('path', { d: 'M20.5 12H4.5M11 5l-7 7 7 7' })),
  );
}
