// Debug.
import { expect, test } from '../support/world.ts';
test('dbg', async ({ phone, camera }) => {
  const ada = await phone.open();
  camera.show('no-face');
  await ada.beginRegistration('Ada');
  await ada.agentButton('Agree and continue').tap();
  await expect(ada.prompt('capture')).toHaveAttribute('data-guidance', 'no-face', { timeout: 60000 });
  camera.unplug();
  await expect(ada.prompt('camera-lost')).toContainText('The camera was disconnected');
  camera.show('cap12');
  await ada.agentButton('Try again').tap();
  for (let i = 0; i < 25; i++) {
    await ada.page.waitForTimeout(1000);
    const f = ada.page.frames().find((x) => x.url().startsWith(ada.origins.agent));
    console.log(i, await f?.evaluate(() => { const p = document.querySelector('.prompt') as HTMLElement | null; const v = document.querySelector('video'); return [p?.dataset['testid'], p?.dataset['guidance'], p?.dataset['captured'], v?.readyState, v?.paused, v?.currentTime, (window as any).tracksGiven?.map((t: any) => t.readyState + t.muted)].join(' '); }).catch((e) => e.message), ada.page.url());
  }
});
