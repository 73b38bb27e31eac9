// The agent's JSON as the object that `navigator.credentials` promises (WebAuthn L3 5.1, 5.2).
import { fromBase64url } from '../../common/base64url';
import type { CredentialJson } from '../../message-port/messages';
import { inheriting } from './inheriting';

type Fields = Readonly<Record<string, unknown>>;

/** One credential: its JSON, and its bytes decoded once, as attributes must give the same object each time. */
interface Held {
  readonly json: CredentialJson;
  readonly rawId: ArrayBuffer;
  readonly response: object;
}

/** One response: its JSON, and its byte members. */
interface HeldResponse {
  readonly json: Fields;
  readonly bytes: Readonly<Record<string, ArrayBuffer | null>>;
}

/** Turns what the agent answered into a `PublicKeyCredential`. */
export type MakeCredential = (json: CredentialJson) => PublicKeyCredential;

/** Needs a browser with WebAuthn's classes. */
export function credentialMaker(): MakeCredential {
  const attestation = inheriting<HeldResponse>(
    AuthenticatorAttestationResponse.prototype,
    byteAttributes('clientDataJSON', 'attestationObject'),
    {
      getAuthenticatorData: ({ json }) => decode(json, 'authenticatorData'),
      getPublicKey: ({ json }) => decode(json, 'publicKey'),
      getPublicKeyAlgorithm: ({ json }) => json['publicKeyAlgorithm'],
      getTransports: ({ json }) => [...(json['transports'] as string[])],
    },
  );
  const assertion = inheriting<HeldResponse>(
    AuthenticatorAssertionResponse.prototype,
    byteAttributes('clientDataJSON', 'authenticatorData', 'signature', 'userHandle'),
    {},
  );
  const credential = inheriting<Held>(
    PublicKeyCredential.prototype,
    {
      id: ({ json }) => json['id'],
      type: ({ json }) => json['type'],
      rawId: ({ rawId }) => rawId,
      response: ({ response }) => response,
      authenticatorAttachment: ({ json }) => json['authenticatorAttachment'] ?? null,
    },
    {
      getClientExtensionResults: ({ json }) => extensionResults(json['clientExtensionResults'] as Fields),
      toJSON: ({ json }) => structuredClone(json),
    },
  );
  return (json) => {
    const fields = json['response'] as Fields;
    const make = 'attestationObject' in fields ? attestation : assertion;
    const names = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'];
    const bytes = Object.fromEntries(names.map((name) => [name, decode(fields, name)]));
    const rawId = fromBase64url(String(json['rawId'])).buffer;
    const made = { json, rawId, response: make({ json: fields, bytes }) };
    return credential(made) as PublicKeyCredential;
  };
}

const byteAttributes = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, ({ bytes }: HeldResponse) => bytes[name] ?? null]));

function decode(json: Fields, name: string): ArrayBuffer | null {
  const text = json[name];
  return typeof text === 'string' ? fromBase64url(text).buffer : null;
}

/** Of the registered extensions two have bytes in their results: `prf` and `largeBlob`. */
function extensionResults(json: Fields): Fields {
  const results: Record<string, unknown> = structuredClone(json);
  const prf = results['prf'] as { results?: Fields } | undefined;
  if (prf?.results) {
    const decoded = Object.keys(prf.results).map((name) => [name, decode(prf.results ?? {}, name)]);
    results['prf'] = { ...prf, results: Object.fromEntries(decoded) };
  }
  const blob = results['largeBlob'] as Fields | undefined;
  if (typeof blob?.['blob'] === 'string') results['largeBlob'] = { ...blob, blob: decode(blob, 'blob') };
  return results;
}
