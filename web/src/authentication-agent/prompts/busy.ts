// While the models load, or for the moment in which the worker prepares.
import { element } from '../../common/element';
import { tickRing } from '../../common/tick-ring';
import { progressText } from './progress-text';
import { type Act, layout, type View } from './view';

/** Shows the download's progress where there is one. */
export function busyPrompt(act: Act): View {
  const ring = tickRing();
  const words = element('p', { class: 'lede centred', 'data-testid': 'loading-text' });
  const bar = element(
    'div',
    { role: 'progressbar', 'aria-labelledby': 'prompt-title', class: 'ring' },
    ring.element,
  );
  const section = layout(
    'prompt-loading',
    'One moment',
    [words],
    [{ act: 'cancel', label: 'Cancel', weight: 'secondary' }],
    act,
  );
  section.querySelector('h1')?.before(bar);
  return {
    element: section,
    update({ models }) {
      const { fraction, text } = progressText(models);
      ring.element.classList.toggle('turning', fraction === null);
      ring.fill(fraction ?? 0.16);
      if (fraction === null) bar.removeAttribute('aria-valuenow');
      else bar.setAttribute('aria-valuenow', String(Math.round(fraction * 100)));
      if (words.textContent !== text) words.textContent = text;
    },
  };
}
