// An ordinary platform authenticator inside the browser, as its developer tools offer it.
import type { Page } from '@playwright/test';
import { devtools } from './devtools.ts';

export async function addPasskeys(page: Page): Promise<void> {
  const session = await devtools(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}
