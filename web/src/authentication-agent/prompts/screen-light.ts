// The light challenge's colour on everything around the preview: the agent's page covers the screen with it.
import type { Colour } from '../worker-protocol';

/** At once and without a fade: the answer in the face is compared with the moment of the change. Null ends it. */
export function showLight(light: Colour | null) {
  const { classList, style } = document.documentElement;
  classList.toggle('lit', light !== null);
  if (light === null) style.removeProperty('--light');
  else style.setProperty('--light', `rgb(${light.join(' ')})`);
}
