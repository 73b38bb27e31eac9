// The outcome of a deletion in honest words: one sentence for each place that held a part.
import type { Deletion } from './flows/deregister';

export interface DeletionText {
  readonly site: string;
  readonly here: { readonly ok: boolean; readonly text: string };
  /** Null when no ordinary passkey was among them. */
  readonly passkeys: string | null;
}

/** `all`: the account went too. */
export function deletionText({ server, local, passkeys }: Deletion, all: boolean): DeletionText {
  const count = server === 1 ? 'one sign-in' : `${server} sign-ins`;
  return {
    site: all ? `Deleted your account and ${count}.` : `Deleted ${count}.`,
    here: hereText(local),
    passkeys:
      passkeys === 0
        ? null
        : 'The site no longer accepts the passkey. To tidy up, delete it in your passkey manager as well.',
  };
}

function hereText(local: Deletion['local']): DeletionText['here'] {
  if (local.includes('failed')) {
    return {
      ok: false,
      text: 'The erasure failed. The key left here opens nothing any more. To erase your face data, clear the site data in the browser settings.',
    };
  }
  if (local.length === 0) return { ok: true, text: 'Held no face data for it.' };
  if (!local.includes('none-here')) return { ok: true, text: 'Erased your face data and the key.' };
  const elsewhere = 'A face sign-in made in another browser erases itself there at its next use.';
  return local.includes('erased')
    ? { ok: true, text: `Erased your face data and the key held here. ${elsewhere}` }
    : { ok: true, text: `Held nothing of it. ${elsewhere}` };
}
