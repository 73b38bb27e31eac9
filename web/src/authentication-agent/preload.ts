// Starts the download of the models while the person reads, unless they asked their browser to save data.

/** Calls back once, when the page has nothing better to do; never under Save-Data. */
export function preloadWhenIdle(load: () => void) {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  if (connection?.saveData) return;
  // Safari has no requestIdleCallback.
  if (typeof requestIdleCallback === 'function') requestIdleCallback(load, { timeout: 2_000 });
  else setTimeout(load, 300);
}
