// Whether the screen may show the light challenge's colours: the person's word, and what their system asks for.

/** `unasked`: not told about them yet; `never`: the system asks for reduced motion. */
export type Colours = 'unasked' | 'on' | 'off' | 'never';

/** A plain preference; it says nothing about the person's face or account. */
const key = 'mien-colours';

/** What is to be done the next time. */
export function readColours(): Colours {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return 'never';
  try {
    const kept = localStorage.getItem(key);
    return kept === 'on' || kept === 'off' ? kept : 'unasked';
  } catch {
    return 'unasked'; // Site data is blocked: told each time.
  }
}

/** Where nothing can be kept, the person is asked again the next time. */
export function rememberColours(on: boolean) {
  try {
    localStorage.setItem(key, on ? 'on' : 'off');
  } catch {}
}

/** Whether the worker may ask for colours. Nothing is shown before the person was told: see the prompt `colours`. */
export function mayShowColours(colours: Colours): boolean {
  return colours === 'on' || colours === 'unasked';
}
