// WebAuthn options from JSON to what the browser takes (WebAuthn L3 5.1.9, 5.1.10), with our own reading where it is missing.

import { fromBase64url } from '../common/base64url';
import type { OptionsJson } from '../message-port/messages';

type Descriptor = { readonly id: string; readonly type: string };
type CreationJson = {
  readonly challenge: string;
  readonly user: { readonly id: string };
  readonly excludeCredentials?: readonly Descriptor[];
};
type RequestJson = { readonly challenge: string; readonly allowCredentials?: readonly Descriptor[] };

/** The agent's own extensions mean nothing to other authenticators and are left out. */
function withoutOurs(json: OptionsJson): OptionsJson {
  const {
    mienAuthenticationServer: _,
    mienPad: __,
    ...extensions
  } = (json['extensions'] ?? {}) as Record<string, unknown>;
  return { ...json, extensions };
}

/** For `navigator.credentials.create`. */
export function parseCreationOptions(json: OptionsJson): PublicKeyCredentialCreationOptions {
  const plain = withoutOurs(json) as unknown as CreationJson;
  const native = nativeParser('parseCreationOptionsFromJSON');
  if (native) return native(plain) as PublicKeyCredentialCreationOptions;
  return {
    ...plain,
    challenge: fromBase64url(plain.challenge),
    user: { ...plain.user, id: fromBase64url(plain.user.id) },
    excludeCredentials: (plain.excludeCredentials ?? []).map(decodeId),
  } as unknown as PublicKeyCredentialCreationOptions;
}

/** For `navigator.credentials.get`. */
export function parseRequestOptions(json: OptionsJson): PublicKeyCredentialRequestOptions {
  const plain = withoutOurs(json) as unknown as RequestJson;
  const native = nativeParser('parseRequestOptionsFromJSON');
  if (native) return native(plain) as PublicKeyCredentialRequestOptions;
  return {
    ...plain,
    challenge: fromBase64url(plain.challenge),
    allowCredentials: (plain.allowCredentials ?? []).map(decodeId),
  } as unknown as PublicKeyCredentialRequestOptions;
}

const decodeId = (descriptor: Descriptor) => ({ ...descriptor, id: fromBase64url(descriptor.id) });

/** Safari before 18.4 and Chrome before 129 have no such methods. */
function nativeParser(name: 'parseCreationOptionsFromJSON' | 'parseRequestOptionsFromJSON') {
  if (typeof PublicKeyCredential !== 'function') return null;
  const found: unknown = (PublicKeyCredential as unknown as Record<string, unknown>)[name];
  return typeof found === 'function'
    ? (json: unknown): unknown => found.call(PublicKeyCredential, json)
    : null;
}
