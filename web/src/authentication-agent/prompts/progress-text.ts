// The models' download in words and as a fraction.
import type { Models } from '../ceremony-state';

/** `fraction` is null when there is no telling how far it is. */
export function progressText(models: Models): { readonly fraction: number | null; readonly text: string } {
  if (models.at !== 'loading') return { fraction: null, text: 'Getting ready.' };
  const { loaded, total } = models;
  const again = 'This is needed once; the next time it is already here.';
  if (total <= 0) return { fraction: null, text: `Fetching the face check. ${again}` };
  const fraction = Math.min(1, loaded / total);
  if (fraction === 1) return { fraction, text: 'Checking what was fetched.' };
  return {
    fraction,
    // No megabytes: what arrives is counted unpacked, and fewer travel.
    text: `Fetching the face check: ${Math.floor(fraction * 100)} %. ${again}`,
  };
}
