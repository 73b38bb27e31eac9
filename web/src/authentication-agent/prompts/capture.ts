// The look: a round mirror, the ring that fills, one line of guidance.
import { element } from '../../common/element';
import { throttle } from '../../common/throttle';
import { tickRing } from '../../common/tick-ring';
import { guidanceText } from './guidance-text';
import { type Act, layout, type View } from './view';

/** Long enough to read a line; a screen reader needs longer to say it. */
const readMs = 600;
const sayMs = 2_500;

/** `video` is moved into the prompt; it keeps its stream. */
export function capturePrompt(video: HTMLVideoElement, act: Act): View {
  const ring = tickRing();
  const line = element('p', { class: 'guidance', 'data-testid': 'guidance', 'aria-hidden': 'true' });
  const spoken = element('p', {
    class: 'visually-hidden',
    'aria-live': 'polite',
    'data-testid': 'guidance-spoken',
  });
  const count = element('p', { class: 'small centred', 'data-testid': 'capture-count' });
  const mirror = element('div', { class: 'mirror' }, video, ring.element);
  const read = throttle<string>((text) => {
    line.textContent = text;
  }, readMs);
  const say = throttle<string>((text) => {
    spoken.textContent = text;
  }, sayMs);
  const section = layout(
    'prompt-capture',
    'Look at the camera',
    [mirror, line, spoken, count],
    [
      { act: 'cancel', label: 'Cancel', weight: 'secondary' },
      { act: 'passkey', label: 'Use a passkey', weight: 'quiet' },
      { act: 'about-data', label: 'Your face data', weight: 'quiet' },
    ],
    act,
  );
  section.classList.add('capture', 'paired');
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
      const text = guidanceText(prompt.guidance);
      read.push(text);
      say.push(text);
      ring.fill(look.needed > 0 ? prompt.captured / look.needed : 0);
      count.textContent = look.needed > 1 ? `${prompt.captured} of ${look.needed} pictures taken` : '';
    },
    dispose() {
      read.stop();
      say.stop();
      video.remove();
    },
  };
}
