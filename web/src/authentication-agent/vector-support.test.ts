import { expect, test } from 'vitest';
import { hasVectors } from './vector-support';

test('an engine with vectors is told from one without, and from none', () => {
  expect(hasVectors(WebAssembly)).toBe(true);
  // An engine that knows no vector type refuses the probe's.
  const without = { validate: (bytes: BufferSource) => !new Uint8Array(bytes as ArrayBuffer).includes(123) };
  expect(hasVectors(without)).toBe(false);
  expect(hasVectors(undefined)).toBe(false);
});
