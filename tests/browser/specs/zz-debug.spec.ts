// Debug.
import { addPasskeys } from '../support/passkeys.ts';
import { expect, test } from '../support/world.ts';
test('dbg', async ({ phone }) => {
  const ada = await phone.open({ camera: 'refused' });
  await addPasskeys(ada.page);
  ada.page.on('console', (m) => console.log('console', m.text()));
  await ada.beginRegistration('Ada');
  await ada.agentButton('Agree and continue').tap();
  await expect(ada.prompt('camera-refused')).toContainText('The camera is not allowed');
  await ada.keep('camera-refused');
  await ada.agentButton('Use a passkey').tap();
  for (let i = 0; i < 8; i++) { await ada.page.waitForTimeout(1000); console.log(await ada.page.evaluate(() => [location.href, document.querySelector('main')?.textContent?.slice(-200), document.hasFocus(), document.querySelector('dialog')?.open]), await ada.agent.locator('main').textContent({ timeout: 500 }).catch((e) => e.message.slice(0, 80))); }
});
