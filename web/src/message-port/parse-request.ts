// Reads what came in on the agent's port: a well-formed call, an abort, or nothing.
import type { AbortMessage, Request } from './messages';

/** Null for anything that is not exactly one of the known messages. */
export function parseRequest(data: unknown): Request | AbortMessage | null {
  if (!isRecord(data)) return null;
  const { requestId, kind } = data;
  if (typeof requestId !== 'string' || requestId === '' || requestId.length > 64) return null;
  switch (kind) {
    case 'create':
    case 'get': {
      const { publicKey } = data;
      return isRecord(publicKey) ? { requestId, kind, publicKey } : null;
    }
    case 'status':
    case 'abort':
      return { requestId, kind };
    case 'erase': {
      const { statement } = data;
      return typeof statement === 'string' ? { requestId, kind, statement } : null;
    }
    case 'signalUnknownCredential': {
      const { rpId, credentialId, statement } = data;
      if (typeof rpId !== 'string' || typeof credentialId !== 'string') return null;
      return typeof statement === 'string' ? { requestId, kind, rpId, credentialId, statement } : null;
    }
    case 'signalAllAcceptedCredentials': {
      const { rpId, userId, allAcceptedCredentialIds: ids } = data;
      if (typeof rpId !== 'string' || typeof userId !== 'string' || !isStrings(ids)) return null;
      return { requestId, kind, rpId, userId, allAcceptedCredentialIds: ids };
    }
    default:
      return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
