// Times of the server in the person's own language.

/** RFC 3339 text, seconds or milliseconds since 1970. */
export function dateText(value: string | number, locale?: string): string {
  // Seconds stay below this for 3,000 years, milliseconds have been above it since 1973.
  const date = new Date(typeof value === 'number' && value < 1e11 ? value * 1000 : value);
  if (Number.isNaN(date.getTime())) return 'unknown';
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(date);
}
