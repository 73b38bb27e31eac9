// WebAuthn options from `navigator.credentials` to the JSON that the agent reads (WebAuthn L3 5.1.8).
import { toBase64url } from '../../common/base64url';
import type { OptionsJson } from '../../message-port/messages';

/** A TypeError where a required member is missing; whether the values are good is for the agent to say. */
export function creationToJson(options: PublicKeyCredentialCreationOptions): OptionsJson {
  const { rp, user, challenge, pubKeyCredParams, excludeCredentials, extensions } = options;
  demand('rp.name', rp?.name);
  demand('user.name', user?.name);
  demand('user.displayName', user.displayName);
  if (!Array.isArray(pubKeyCredParams)) throw new TypeError('pubKeyCredParams is no sequence');
  return plain({
    ...options,
    challenge: toBase64url(challenge),
    user: { ...user, id: toBase64url(user.id) },
    excludeCredentials: excludeCredentials?.map(descriptorToJson),
    extensions: encodeBytes(extensions),
  });
}

/** As above, for `get`. */
export function requestToJson(options: PublicKeyCredentialRequestOptions): OptionsJson {
  const { challenge, allowCredentials, extensions } = options;
  return plain({
    ...options,
    challenge: toBase64url(challenge),
    allowCredentials: allowCredentials?.map(descriptorToJson),
    extensions: encodeBytes(extensions),
  });
}

function demand(name: string, value: unknown): void {
  if (value === undefined || value === null) throw new TypeError(`${name} is missing`);
}

const descriptorToJson = (descriptor: PublicKeyCredentialDescriptor) => ({
  ...descriptor,
  id: toBase64url(descriptor.id),
});

/** Bytes become base64url wherever extensions have them: that is their JSON form in every registered one. */
function encodeBytes(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return toBase64url(value as BufferSource);
  if (Array.isArray(value)) return value.map(encodeBytes);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, encodeBytes(each)]));
}

/** Drops what is undefined, and whatever could not cross the port. */
const plain = (options: object): OptionsJson => JSON.parse(JSON.stringify(options)) as OptionsJson;
