// The order of turns that a look must ask for, worked out from what the server sent and from nothing that the agent says.
import { createHash } from 'node:crypto';
import type { Recorder } from './recorder.ts';

export type Side = 'left' | 'right';

/** The ceremony of the last options that the server sent: SHA-256 of the client data that they lead to. */
export function lastCeremony(recorder: Recorder, kind: 'registration' | 'authentication'): Buffer {
  const options = recorder.requests.findLast(({ url }) => url.endsWith(`/api/${kind}/options`));
  if (options === undefined || options.status !== 200) throw new Error(`no ${kind} options were sent`);
  const { publicKey } = JSON.parse(options.answer.toString()) as { publicKey: { challenge: string } };
  const type = kind === 'registration' ? 'webauthn.create' : 'webauthn.get';
  // WebAuthn Level 3, 5.8.1.1: these members, in this order, without spaces.
  const clientData = `{"type":"${type}","challenge":"${publicKey.challenge}","origin":"${new URL(options.url).origin}","crossOrigin":false}`;
  return createHash('sha256').update(clientData).digest();
}

/** The light challenge's colours, in the order in which they are numbered. */
const PALETTE = ['255 112 112', '64 255 96', '96 128 255', '255 230 64', '64 240 255', '255 96 240'];

/** The eight colours of look number `attempt`, as CSS. */
export function colours(ceremony: Buffer, attempt: number): string[] {
  let at = 0;
  return [...digest('mien/light/1', ceremony, attempt).subarray(0, 8)].map((octet, index) => {
    // Never the same twice in a row.
    at = index === 0 ? octet % 6 : (at + 1 + (octet % 5)) % 6;
    return `rgb(${PALETTE[at]})`;
  });
}

/** The first `count` turns of look number `attempt` (0 for the first) of that ceremony, by the person's own sides. */
export function turns(ceremony: Buffer, attempt: number, count: number): Side[] {
  const bits = digest('mien/head-turn/1', ceremony, attempt);
  return Array.from({ length: count }, (_, index) =>
    ((bits[index >> 3] ?? 0) >> (7 - (index & 7))) & 1 ? 'right' : 'left',
  );
}

function digest(purpose: string, ceremony: Buffer, attempt: number): Buffer {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(attempt);
  return createHash('sha256').update(purpose).update(ceremony).update(number).digest();
}
