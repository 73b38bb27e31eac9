// Verifications by @simplewebauthn/server: `node simplewebauthn.js CASES SECONDS`. Prints how many, and in how many
// seconds of processor time. A case is a line of JSON; `body` is the text that a browser sent.
import { readFileSync } from 'node:fs';
import { verifyAuthenticationResponse } from '@simplewebauthn/server';

const [, , file, seconds] = process.argv;
const cases = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const processor = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

async function verify({ body, challenge, origin, rpId, credentialId, publicKey, signCount }) {
  const { verified } = await verifyAuthenticationResponse({
    response: JSON.parse(body),
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rpId,
    requireUserVerification: true,
    credential: { id: credentialId, publicKey: Buffer.from(publicKey, 'base64url'), counter: signCount },
  });
  if (!verified) throw new Error('refused');
}

// Compiled code is what a server runs.
for (const one of cases.slice(0, 200)) await verify(one);
const start = processor();
let count = 0;
while (processor() - start < Number(seconds)) {
  await verify(cases[count % cases.length]);
  count += 1;
}
console.log(`${count} ${processor() - start}`);
