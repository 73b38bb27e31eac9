// One ceremony with the agent's sheet on screen; what `create` and `get` have in common.
import type { CredentialJson, OptionsJson } from '../message-port/messages';
import type { AuthenticationAgent } from './connect';
import { MienError } from './mien-error';

/** Options of `create` and `get`. */
export interface CeremonyOptions {
  /** Aborting rejects with `aborted`. */
  readonly signal?: AbortSignal;
}

type Connected = Pick<AuthenticationAgent, 'channel'> & {
  readonly sheet: Pick<AuthenticationAgent['sheet'], 'show' | 'hide'>;
};

/** Shows the sheet, waits for the agent's answer, hides the sheet, whatever the end. */
export async function runCeremony(
  { channel, sheet }: Connected,
  kind: 'create' | 'get',
  publicKey: OptionsJson,
  { signal }: CeremonyOptions,
): Promise<CredentialJson> {
  if (signal?.aborted) throw new MienError('aborted', { cause: signal.reason });
  const stop = new AbortController();
  let dismissed = false;
  const onAbort = () => stop.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  sheet.show(() => {
    dismissed = true;
    stop.abort();
  });
  let finished = false;
  try {
    const credential = await channel.call({ kind, publicKey }, stop.signal);
    if (typeof credential !== 'object' || credential === null) throw new MienError('unknown');
    finished = true;
    return credential as CredentialJson;
  } catch (error) {
    // A person who closes the sheet declines; only the caller's own signal counts as an abort.
    if (dismissed) throw new MienError('not-allowed', { cause: error });
    throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    sheet.hide(finished);
  }
}
