// Carries one ceremony to the authenticator that the person wants, and to a passkey when they ask for that inside.
import type { CredentialJson, OptionsJson } from '../../relying-party-agent/index';
import { MienError } from '../../relying-party-agent/mien-error';
import type { Ports, Way } from './ports';

/** The same options serve both; a changed mind costs no second challenge. */
export async function ask(
  { face, passkey }: Ports,
  kind: 'create' | 'get',
  way: Way,
  publicKey: OptionsJson,
): Promise<CredentialJson> {
  if (way === 'passkey') return passkey[kind](publicKey);
  try {
    return await face[kind](publicKey);
  } catch (error) {
    if (error instanceof MienError && error.code === 'fallback-requested') return passkey[kind](publicKey);
    throw error;
  }
}
