// Whether this browser runs WebAssembly with 128-bit vectors, which the whole module uses.

/** A module with one function that makes a vector: `i32.const 0`, `i8x16.splat`. */
const probe = new Uint8Array([
  ...[0, 97, 115, 109, 1, 0, 0, 0],
  ...[1, 5, 1, 96, 0, 1, 123],
  ...[3, 2, 1, 0],
  ...[10, 8, 1, 6, 0, 65, 0, 253, 15, 11],
]);

/** Chromium since 91, Firefox since 89, Safari since 16.4. */
export function hasVectors(wasm: Pick<typeof WebAssembly, 'validate'> | undefined): boolean {
  return wasm?.validate(probe) === true;
}
