// What is left of a wait, in words.

/** Milliseconds to `1 h 5 min`, `4:05` or `30 s`; rounded up, so that nothing is promised too early. */
export function countdownText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  if (seconds >= 60) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} min`;
  return seconds > 0 ? `${seconds} s` : 'You can try again now.';
}
