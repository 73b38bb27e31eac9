// What a person does on the demo's screens, in their words.
import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test';
import { cameraTracks } from './browser.ts';
import { comeToRest, keepScreen } from './screens.ts';
import type { Origins } from './server.ts';
import { tapSurely } from './touches.ts';

/** A look with the enrolment's head turns takes a while on two shared cores. */
export const LOOK_MS = 90_000;

export class Visitor {
  /** The authentication agent's page inside its sheet. */
  readonly agent: FrameLocator;

  constructor(
    readonly page: Page,
    readonly origins: Origins,
  ) {
    this.agent = page.frameLocator('[data-testid="agent-sheet"] iframe');
  }

  async visit(hash: string): Promise<void> {
    await this.page.goto(`${this.origins.relyingParty}/${hash === '/' ? '' : `#${hash}`}`);
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  link(name: string | RegExp): Locator {
    return this.page.getByRole('link', { name });
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole('heading', { level: 1, name });
  }

  /** One of the agent's prompts, by its test name without `prompt-`. */
  prompt(name: string): Locator {
    return this.agent.getByTestId(`prompt-${name}`);
  }

  /** A button of the agent's current prompt. */
  agentButton(name: string): Locator {
    return this.agent.getByRole('button', { name });
  }

  /** Taps once all has come to rest: a tap on a moving or a leaving sheet goes past what is meant. */
  async tap(target: Locator): Promise<void> {
    await expect(target).toBeVisible({ timeout: LOOK_MS });
    await comeToRest(this.page);
    await tapSurely(this.page, target);
  }

  /** Taps a button of the agent's prompt. */
  async tapAgent(name: string): Promise<void> {
    await this.tap(this.agentButton(name));
  }

  /** From the first screen to the agent's question for consent. */
  async beginRegistration(name: string): Promise<void> {
    await this.visit('/create');
    await this.page.getByLabel('Account name').fill(name);
    await this.tap(this.button('Continue with your face'));
    await expect(this.prompt('consent')).toBeVisible({ timeout: LOOK_MS });
  }

  /** Creates an account with the face before the camera; ends on the account's screen. */
  async register(name: string): Promise<void> {
    await this.beginRegistration(name);
    await this.tapAgent('Agree and continue');
    await expect(this.heading(`Hello, ${name}`)).toBeVisible({ timeout: LOOK_MS });
  }

  /** From the first screen until the agent looks, or says why it does not. */
  async beginSignIn(): Promise<void> {
    await this.visit('/');
    await this.tap(this.button('Sign in with a look'));
  }

  async signIn(name: string): Promise<void> {
    await this.beginSignIn();
    await expect(this.heading(`Hello, ${name}`)).toBeVisible({ timeout: LOOK_MS });
  }

  async signOut(): Promise<void> {
    await this.tap(this.button('Sign out'));
    await expect(this.heading('Sign in with a look')).toBeVisible();
  }

  /** Keeps a picture of the screen and checks it. */
  async keep(name: string): Promise<void> {
    await keepScreen(this.page, name);
  }

  /** The camera was used and is off, in every frame. */
  async expectCameraOff(): Promise<void> {
    await expect
      .poll(async () => (await cameraTracks(this.page)).live, { message: 'live camera tracks' })
      .toBe(0);
  }

  async expectCameraNeverOn(): Promise<void> {
    expect(await cameraTracks(this.page)).toEqual({ live: 0, ever: 0 });
  }

  /** The account name that the server knows this browser by, or null. */
  async session(): Promise<string | null> {
    return this.page.evaluate(async () => {
      const answer = await fetch('/api/session');
      return answer.ok ? ((await answer.json()) as { username: string }).username : null;
    });
  }
}
