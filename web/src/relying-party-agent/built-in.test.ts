import { afterEach, expect, test, vi } from 'vitest';
import { builtInCredentials, keepBuiltIn } from './built-in';

afterEach(() => {
  keepBuiltIn(undefined);
  vi.unstubAllGlobals();
});

test("the browser's own calls stay reachable while others stand in their place", () => {
  const calls = { create: async () => null, get: async () => null };
  vi.stubGlobal('navigator', { credentials: 'what the page sees' });
  expect(builtInCredentials()).toBe('what the page sees');
  keepBuiltIn(calls);
  expect(builtInCredentials()).toBe(calls);
  keepBuiltIn(undefined);
  expect(builtInCredentials()).toBe('what the page sees');
});
