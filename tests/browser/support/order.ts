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

/** The first `count` turns of look number `attempt` (0 for the first) of that ceremony, by the person's own sides. */
export function turns(ceremony: Buffer, attempt: number, count: number): Side[] {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(attempt);
  const bits = createHash('sha256').update('mien/head-turn/1').update(ceremony).update(number).digest();
  return Array.from({ length: count }, (_, index) =>
    ((bits[index >> 3] ?? 0) >> (7 - (index & 7))) & 1 ? 'right' : 'left',
  );
}
