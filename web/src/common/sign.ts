// A sign at the head of a message: an icon inside the ring of ticks, full for a good end.
import { element } from './element';
import { type IconName, icon } from './icon';
import { tickRing } from './tick-ring';

/** Decorative: the heading under it says the same. */
export function sign(name: IconName, tone: 'good' | 'plain' | 'bad'): HTMLElement {
  const ring = tickRing();
  ring.fill(tone === 'good' ? 1 : 0);
  return element('div', { class: `sign ${tone}`, 'aria-hidden': 'true' }, ring.element, icon(name));
}
