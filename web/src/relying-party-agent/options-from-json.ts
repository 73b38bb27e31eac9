// WebAuthn options from JSON to what `navigator.credentials` takes (WebAuthn L3 5.1.9, 5.1.10); extensions stay as they are.
import { fromBase64url } from '../common/base64url';
import type { OptionsJson } from '../message-port/messages';

type Fields = Readonly<Record<string, unknown>>;

/** A TypeError without challenge or user, an `EncodingError` where bytes are no base64url. */
export function creationFromJson(json: OptionsJson): PublicKeyCredentialCreationOptions {
  const user = json['user'];
  if (typeof user !== 'object' || user === null) throw new TypeError('user is missing');
  return {
    ...decoded(json, 'excludeCredentials'),
    user: { ...user, id: bytes('user.id', (user as Fields)['id']) },
  } as unknown as PublicKeyCredentialCreationOptions;
}

/** As above, for `get`. */
export function requestFromJson(json: OptionsJson): PublicKeyCredentialRequestOptions {
  return decoded(json, 'allowCredentials') as unknown as PublicKeyCredentialRequestOptions;
}

function decoded(json: OptionsJson, list: 'excludeCredentials' | 'allowCredentials'): Fields {
  const descriptors = (json[list] ?? []) as readonly Fields[];
  const options: Record<string, unknown> = {
    ...json,
    challenge: bytes('challenge', json['challenge']),
    [list]: descriptors.map((descriptor) => ({ ...descriptor, id: bytes('id', descriptor['id']) })),
  };
  const extensions = json['extensions'] as Fields | undefined;
  if (extensions) options['extensions'] = extensionsFromJson(extensions);
  return options;
}

/** Of the registered extensions two take bytes: `prf` and `largeBlob`. */
function extensionsFromJson(json: Fields): Fields {
  const extensions: Record<string, unknown> = { ...json };
  const prf = json['prf'] as { eval?: Fields; evalByCredential?: Record<string, Fields> } | undefined;
  if (prf) {
    const { eval: one, evalByCredential: each } = prf;
    extensions['prf'] = {
      ...(one && { eval: values(one) }),
      ...(each && {
        evalByCredential: Object.fromEntries(Object.entries(each).map(([id, pair]) => [id, values(pair)])),
      }),
    };
  }
  const blob = json['largeBlob'] as Fields | undefined;
  if (blob?.['write'] !== undefined)
    extensions['largeBlob'] = { ...blob, write: bytes('write', blob['write']) };
  return extensions;
}

const values = (pair: Fields) =>
  Object.fromEntries(Object.entries(pair).map(([name, text]) => [name, bytes(name, text)]));

function bytes(name: string, text: unknown): Uint8Array<ArrayBuffer> {
  if (typeof text !== 'string') throw new TypeError(`${name} is missing`);
  return fromBase64url(text);
}
