// @simplewebauthn/server as a judge. Without arguments: reads a case a line, answers a line each, until the input ends.
// With `CASES SECONDS`: authentications of that file over and over; prints how many, and in how many seconds of
// processor time. A case is JSON; its `body` is the text that a browser sent.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import {
  MetadataService,
  SettingsService,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';

const common = ({ body, challenge, origin, rpId }) => ({
  response: JSON.parse(body),
  expectedChallenge: challenge,
  expectedOrigin: origin,
  expectedRPID: rpId,
  requireUserVerification: true,
});

const ceremonies = {
  registration: (one) => verifyRegistrationResponse({ ...common(one), supportedAlgorithmIDs: one.algorithms }),
  authentication: (one) =>
    verifyAuthenticationResponse({
      ...common(one),
      credential: {
        id: one.credentialId,
        publicKey: Buffer.from(one.publicKey, 'base64url'),
        counter: one.signCount,
      },
    }),
};

async function verify(one) {
  // It has one list for all cases.
  SettingsService.setRootCertificates({ identifier: 'packed', certificates: one.root ? [one.root] : [] });
  if (one.metadata) {
    await MetadataService.initialize({ statements: [one.metadata], mdsServers: [], verificationMode: 'strict' });
  }
  const { verified } = await ceremonies[one.ceremony](one);
  if (!verified) throw new Error('not verified');
}

async function judge() {
  const manifest = new URL('node_modules/@simplewebauthn/server/package.json', import.meta.url);
  const { name, version } = JSON.parse(readFileSync(manifest, 'utf8'));
  console.log(JSON.stringify({ judge: `${name} ${version}` }));
  for await (const line of createInterface({ input: process.stdin })) {
    // Whatever the library throws, a server around it would not have let that response pass.
    const words = await verify(JSON.parse(line)).then(
      () => '',
      (error) => `${error.name}: ${error.message}`,
    );
    console.log(JSON.stringify({ accepted: words === '', words }));
  }
}

async function measure(file, seconds) {
  const cases = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  const processor = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  };
  // Compiled code is what a server runs.
  for (const one of cases.slice(0, 200)) await verify(one);
  const start = processor();
  let count = 0;
  while (processor() - start < seconds) {
    await verify(cases[count % cases.length]);
    count += 1;
  }
  console.log(`${count} ${processor() - start}`);
}

const [, , file, seconds] = process.argv;
await (file ? measure(file, Number(seconds)) : judge());
