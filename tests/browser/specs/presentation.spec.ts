// What a look asks of the person, and what becomes of films that cannot know it: old ones, straight ones, endless ones.
import { colours, lastCeremony, turns } from '../support/order.ts';
import type { Person } from '../support/person.ts';
import type { Recorder } from '../support/recorder.ts';
import { LOOK_MS, type Visitor } from '../support/visitor.ts';
import { expect, test } from '../support/world.ts';

/** No look may take longer; then it is refused. */
const REFUSED_MS = 60_000;

const signatures = (recorder: Recorder) =>
  recorder.requests.filter(({ url }) => url.endsWith('/api/authentication/result'));

function present(person: Person | undefined): Person {
  if (person === undefined) throw new Error('nobody is before the camera');
  return person;
}

/** Begins sign-ins until one draws another order than `old`. */
async function beginWithAnotherOrder(
  ada: Visitor,
  recorder: Recorder,
  old: readonly string[],
): Promise<void> {
  for (let tries = 0; tries < 24; tries += 1) {
    await ada.beginSignIn();
    await expect(ada.prompt('capture')).toBeVisible({ timeout: LOOK_MS });
    if (turns(lastCeremony(recorder, 'authentication'), 0, 2).join() !== old.join()) return;
    await ada.tapAgent('Cancel');
    await ada.expectCameraOff();
  }
  throw new Error('every ceremony drew the same order');
}

test('turns are asked for in the order that the ceremony draws; the film of one sign-in is no key to the next', async ({
  phone,
  camera,
  recorder,
}) => {
  test.setTimeout(6 * LOOK_MS);
  const ada = await phone.open();
  await ada.register('Ada');
  await ada.signOut();
  camera.sit('far');
  await ada.signIn('Ada');
  const { performance, turnsAsked } = present(camera.person);
  const drawn = turns(lastCeremony(recorder, 'authentication'), 0, turnsAsked.length);
  // Without colours there are three.
  expect(turnsAsked).toHaveLength(3);
  expect(turnsAsked).toEqual(drawn);
  await ada.signOut();

  recorder.clear();
  camera.sit('far', performance);
  await beginWithAnotherOrder(ada, recorder, drawn.slice(0, 2));
  await expect(ada.prompt('refused')).toBeVisible({ timeout: REFUSED_MS });
  await ada.expectCameraOff();
  expect(signatures(recorder)).toEqual([]);
  expect(await ada.session()).toBeNull();

  // The next look of the same ceremony asks in another order, and the person follows.
  camera.sit('far');
  await ada.tapAgent('Try again');
  await expect(ada.heading('Hello, Ada')).toBeVisible({ timeout: LOOK_MS });
  const again = present(camera.person).turnsAsked;
  expect(again).toEqual(turns(lastCeremony(recorder, 'authentication'), 1, again.length));
});

test('the right face that only looks ahead is refused', async ({ phone, camera, recorder }) => {
  const ada = await phone.open();
  await ada.register('Ada');
  await ada.signOut();
  recorder.clear();
  camera.sit('near', [{ at: 0, pose: 'ahead' }]);
  await ada.beginSignIn();
  await expect(ada.prompt('refused')).toBeVisible({ timeout: REFUSED_MS });
  await ada.keep('refused');
  await ada.expectCameraOff();
  expect(signatures(recorder)).toEqual([]);
  expect(await ada.session()).toBeNull();
});

test('colours are told of first, shown to the whole screen, and one turn more stands in where the camera sees none', async ({
  phone,
  camera,
  recorder,
}) => {
  test.setTimeout(5 * LOOK_MS);
  const ada = await phone.open({ reducedMotion: 'no-preference' });
  await ada.register('Ada');
  await ada.signOut();
  await ada.beginSignIn();
  await expect(ada.prompt('colours')).toContainText('The screen will show soft colours for three seconds.');
  await ada.expectCameraOff();
  await ada.keep('colours');
  const shown = await noteColours(ada);
  await ada.tapAgent('Continue');
  await expect(ada.agent.locator('html.lit')).toBeAttached({ timeout: LOOK_MS });
  await ada.keep('colours-shown');
  await expect(ada.heading('Hello, Ada')).toBeVisible({ timeout: LOOK_MS });
  const { turnsAsked } = present(camera.person);
  expect(turnsAsked).toEqual(turns(lastCeremony(recorder, 'authentication'), 0, 3));
  // A busy machine may take longer over a frame than a colour lasts; the order stays, and most are shown.
  const drawn = colours(lastCeremony(recorder, 'authentication'), 0);
  const seen = await shown();
  expect(seen.length).toBeGreaterThanOrEqual(5);
  let from = 0;
  for (const colour of seen) {
    from = drawn.indexOf(colour, from) + 1;
    expect(from, `${colour} of ${seen.join(', ')}, drawn ${drawn.join(', ')}`).toBeGreaterThan(0);
  }

  // Told once. Who would rather not, turns the head once more, now and the next time.
  await ada.signOut();
  await ada.beginSignIn();
  await expect(ada.prompt('capture')).toBeVisible({ timeout: LOOK_MS });
  await ada.tapAgent('Without colours');
  await expect(ada.heading('Hello, Ada')).toBeVisible({ timeout: LOOK_MS });
  await ada.signOut();
  await ada.beginSignIn();
  await expect(ada.prompt('capture')).toBeVisible({ timeout: LOOK_MS });
  await expect(ada.agentButton('Without colours')).toHaveCount(0);
  await ada.tapAgent('Cancel');
});

/** Notes every colour that the agent's page takes on; the call it gives reads them. */
async function noteColours(ada: Visitor): Promise<() => Promise<string[]>> {
  const frame = ada.page.frames().find((each) => each.url().startsWith(ada.origins.agent));
  if (frame === undefined) throw new Error("the agent's frame is not there");
  await frame.evaluate(() => {
    const shown: string[] = [];
    Object.assign(window, { shown });
    new MutationObserver(() => {
      const colour = document.documentElement.style.getPropertyValue('--light');
      if (colour !== '' && colour !== shown.at(-1)) shown.push(colour);
    }).observe(document.documentElement, { attributes: true });
  });
  return () => frame.evaluate(() => (window as unknown as { shown: string[] }).shown);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the arrow and the words of a turn, ${colorScheme}`, async ({ phone, camera }) => {
    const ada = await phone.open({ colorScheme });
    await ada.register('Ada');
    await ada.signOut();
    // Someone who never turns: each prompt stays for its picture.
    camera.sit('near', [{ at: 0, pose: 'ahead' }]);
    await ada.beginSignIn();
    await expect(ada.agent.getByTestId('turn-arrow')).toBeVisible({ timeout: LOOK_MS });
    await ada.keep(`${colorScheme}-turn`);
    const words = await ada.agent.getByTestId('guidance').textContent();
    expect(words).toMatch(/^Turn your head to your (left|right)$/);
    await expect(ada.agent.getByTestId('guidance-spoken')).toHaveText(words ?? '');
    await ada.tapAgent('Cancel');
  });
}
