// A person before the camera: looks ahead, and turns the head when the screen asks for it, after a moment.
import { randomBytes, randomInt } from 'node:crypto';
import type { Side } from './order.ts';
import { type Clip, readClip, writeClip } from './y4m.ts';

/** The enrolled man in one take and in another, farther away; and another man. */
export type Face = 'near' | 'far' | 'other';
export type Pose = 'ahead' | Side;

/** Where each pose is in the videos: a clip, its first frame and the last one. */
const PLACES: Record<Face, Record<Pose, readonly [clip: string, from: number, to: number]>> = {
  near: { ahead: ['cap12-ahead', 4, 10], left: ['cap12-left', 3, 9], right: ['cap12-right', 7, 13] },
  far: {
    ahead: ['cap12-far-ahead', 6, 12],
    left: ['cap12-far-left', 3, 9],
    right: ['cap12-far-right', 5, 8],
  },
  // He never turns on film: his turns are drawn (tests/presentation-attacks).
  other: {
    ahead: ['franck-ahead', 4, 10],
    left: ['franck-drawn-left', 0, 6],
    right: ['franck-drawn-right', 0, 6],
  },
};

/** The screen of a look: the arrow's direction and the guidance; null while no look takes place. */
export type Shown = { readonly turn: string; readonly guidance: string } | null;

/** How long people take to follow what they read. */
const REACTION_MS = 350;
/** Frames of a film: all films have as many, so that one can be written over the other. */
const FRAMES = 24;
/** A camera's noise is never the same twice: new before the film begins again. */
const REFRESH_MS = 600;

/** What a person did when, in milliseconds since the camera opened. */
export type Performance = { at: number; pose: Pose }[];

/** Plays one person into a file that the browser has open as its camera. */
export class Person {
  /** What the last look before this person came to. */
  performance: Performance = [];
  /** The turns that the screen asked for in it, in their order. */
  turnsAsked: Side[] = [];
  private turnUnderway = false;
  private readonly poses: Record<Pose, Clip>;
  private pose: Pose = 'ahead';
  private screen: Shown = null;
  private next: { pose: Pose; at: number } | undefined;
  private openedAt: number | undefined;
  private refresh: ReturnType<typeof setInterval> | undefined;

  constructor(
    readonly file: string,
    readonly face: Face,
    /** Given: does this, whatever the screen says. */
    private readonly script?: Performance,
    /** Frames a second; that of the videos, unless another is given. */
    rate?: number,
  ) {
    const places = PLACES[face];
    this.poses = {
      ahead: cycle(rate, ...places.ahead),
      left: cycle(rate, ...places.left),
      right: cycle(rate, ...places.right),
    };
    this.write('new');
  }

  /** What the screen showed since the last glance, the newest last. */
  see(screens: readonly Shown[]): void {
    for (const screen of screens) {
      if (screen === null) this.rest();
      else {
        if (this.openedAt === undefined) this.begin();
        this.note(asked(screen));
      }
      this.screen = screen;
    }
    if (this.openedAt !== undefined) this.act(Date.now(), this.openedAt);
  }

  private begin(): void {
    this.openedAt = Date.now();
    this.performance = [{ at: 0, pose: 'ahead' }];
    this.turnsAsked = [];
    this.turnUnderway = false;
    // By the clock and not by the eyes: on a busy machine a glance may take a second.
    this.refresh = setInterval(() => this.write('in place'), REFRESH_MS);
  }

  private act(now: number, openedAt: number): void {
    const wanted = this.script === undefined ? asked(this.screen) : scripted(this.script, now - openedAt);
    if (wanted !== undefined && wanted !== (this.next?.pose ?? this.pose))
      this.next = { pose: wanted, at: this.script === undefined ? now + REACTION_MS : now };
    if (this.next === undefined || now < this.next.at) return;
    this.pose = this.next.pose;
    this.next = undefined;
    this.performance.push({ at: now - openedAt, pose: this.pose });
    this.write('in place');
  }

  /** A turn ends when the screen says to look ahead: other hints may come in the middle of one. */
  private note(pose: Pose | undefined): void {
    if (pose === 'ahead') this.turnUnderway = false;
    else if (pose !== undefined && !this.turnUnderway) {
      this.turnUnderway = true;
      this.turnsAsked.push(pose);
    }
  }

  /** Goes away: the film is written no more. */
  leave(): void {
    clearInterval(this.refresh);
  }

  /** Looks ahead, and is still until the next look. */
  private rest(): void {
    clearInterval(this.refresh);
    this.openedAt = undefined;
    this.next = undefined;
    this.pose = 'ahead';
    this.write('in place');
  }

  private write(mode: 'new' | 'in place'): void {
    const { header, frames, luma } = this.poses[this.pose];
    writeClip(this.file, { header, luma, frames: frames.map((frame) => noisy(frame, luma)) }, mode);
  }
}

function asked(screen: Shown): Pose | undefined {
  if (screen?.turn === 'turn-left') return 'left';
  if (screen?.turn === 'turn-right') return 'right';
  return screen?.guidance === 'look-ahead' ? 'ahead' : undefined;
}

function scripted(script: Performance, at: number): Pose | undefined {
  return script.findLast((step) => step.at <= at)?.pose;
}

/** There and back, so that the film has no jump where it begins again. */
function cycle(rate: number | undefined, name: string, from: number, to: number): Clip {
  const { header, frames, luma } = readClip(name);
  const there = frames.slice(from, to + 1);
  const both = [...there, ...there.slice(1, -1).reverse()];
  // Whole rounds only.
  if (FRAMES % both.length !== 0) throw new Error(`${name}: ${both.length} frames do not divide ${FRAMES}`);
  const clock = rate === undefined ? header : header.replace(/ F\d+:\d+/, ` F${rate}:1`);
  return { header: clock, luma, frames: Array.from({ length: FRAMES / both.length }, () => both).flat() };
}

/** Grey levels to add, -1 to 2; read from another place for every frame. */
const noise = randomBytes(1 << 20).map((octet) => octet & 3);

/** A camera's noise on the luma. */
function noisy(frame: Buffer, luma: number): Buffer {
  const out = Buffer.from(frame);
  const from = randomInt(noise.length - luma);
  for (let at = 0; at < luma; at += 1) {
    out[at] = Math.min(235, Math.max(16, (out[at] ?? 0) + (noise[from + at] ?? 0) - 1));
  }
  return out;
}
