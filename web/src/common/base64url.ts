// base64url without padding (RFC 4648 section 5), for browsers that lack the WebAuthn JSON methods.

/** Bytes to base64url; a TypeError for what is no `BufferSource`. */
export function toBase64url(source: BufferSource): string {
  const binary = Array.from(bytesOf(source), (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function bytesOf(source: BufferSource): Uint8Array {
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  // An ArrayBuffer of another frame is one too.
  if (Object.prototype.toString.call(source) === '[object ArrayBuffer]') return new Uint8Array(source);
  throw new TypeError('bytes are wanted');
}

/** base64url to bytes; throws an `EncodingError` (a DOMException) for anything else. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1)
    throw new DOMException('base64url is wanted', 'EncodingError');
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}
