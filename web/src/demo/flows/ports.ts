// What the flows use of the outside: the server's calls, the agent, the browser's passkeys.

import type { AgentSource } from '../../relying-party-agent/agent-source';
import { create } from '../../relying-party-agent/create';
import { erase } from '../../relying-party-agent/erase';
import { get } from '../../relying-party-agent/get';
import type { CredentialJson, OptionsJson, Status } from '../../relying-party-agent/index';
import { createPasskey, getPasskey } from '../../relying-party-agent/passkey';
import { status } from '../../relying-party-agent/status';
import { type Server, server } from '../api/server';

/** An authenticator under the names of `navigator.credentials`. */
export interface Authenticator {
  create(publicKey: OptionsJson): Promise<CredentialJson>;
  get(publicKey: OptionsJson): Promise<CredentialJson>;
}

export interface Ports {
  readonly server: Server;
  readonly face: Authenticator & { status(): Promise<Status>; erase(statement: string): Promise<void> };
  readonly passkey: Authenticator;
}

/** Which authenticator the person wants. */
export type Way = 'face' | 'passkey';

/** The real ones. */
export function realPorts(agent: AgentSource): Ports {
  return {
    server,
    face: {
      create: async (publicKey) => create(await agent(), publicKey),
      get: async (publicKey) => get(await agent(), publicKey),
      status: async () => status(await agent()),
      erase: async (statement) => erase(await agent(), statement),
    },
    passkey: { create: createPasskey, get: getPasskey },
  };
}
