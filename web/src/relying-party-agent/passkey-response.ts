// A native credential as WebAuthn L3 5.1.8 JSON, by the browser's own toJSON or, where that is missing, by ours.

import { toBase64url } from '../common/base64url';
import type { CredentialJson } from '../message-port/messages';

/** `RegistrationResponseJSON` or `AuthenticationResponseJSON`. */
export function serialiseCredential(credential: PublicKeyCredential): CredentialJson {
  if (typeof credential.toJSON === 'function') return credential.toJSON() as unknown as CredentialJson;
  return {
    id: credential.id,
    rawId: toBase64url(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: serialiseResponse(credential.response),
  };
}

function serialiseResponse(response: AuthenticatorResponse): Record<string, unknown> {
  const clientDataJSON = toBase64url(response.clientDataJSON);
  if ('attestationObject' in response) {
    const made = response as AuthenticatorAttestationResponse;
    return {
      clientDataJSON,
      attestationObject: toBase64url(made.attestationObject),
      transports: made.getTransports?.() ?? [],
    };
  }
  const { authenticatorData, signature, userHandle } = response as AuthenticatorAssertionResponse;
  return {
    clientDataJSON,
    authenticatorData: toBase64url(authenticatorData),
    signature: toBase64url(signature),
    userHandle: userHandle ? toBase64url(userHandle) : undefined,
  };
}
