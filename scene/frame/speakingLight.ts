import { approach } from '@/lib/core/easing';

/** Louder than this begins to speak; quieter than the second, for long enough, has stopped. */
const ON_ABOVE = 0.34;
const OFF_BELOW = 0.22;
/** A pause for breath is still speaking. */
const HOLD_MS = 500;
/** The noise of a room looks like nothing; levels are even in dB. */
const LOOKS_FROM = 0.2;
const LOOKS_FULL_AT = 0.8;
const APPEAR_MS = 110;
const VANISH_MS = 420;
const RISE_MS = 70;
const FALL_MS = 320;
/** Where nothing may pulse, whoever speaks is lit like this. */
const STEADY_LEVEL = 0.45;

/** How a person's marks of speaking are lit: on fast, off slowly, never blinking between words. */
export class SpeakingLight {
  /** Whether the person counts as speaking. */
  isOn = false;
  /** How far the marks are there, 0 to 1. */
  shown = 0;
  /** How loud they look, 0 to 1; follows the voice. */
  level = 0;
  private quietMs = 0;

  /** Takes note that the voice was at `level` (0 to 1) for `deltaMs`; `isStill`: no easing, no pulse. */
  advance(level: number, deltaMs: number, isStill: boolean): void {
    this.decide(level, deltaMs);
    if (!this.isOn && this.shown === 0) {
      this.level = 0;
      return;
    }
    const goal = this.isOn ? 1 : 0;
    this.shown = isStill ? goal : approach(this.shown, goal, deltaMs / (this.isOn ? APPEAR_MS : VANISH_MS));
    if (isStill) this.level = goal * STEADY_LEVEL;
    else this.follow(level, deltaMs);
  }

  private decide(level: number, deltaMs: number): void {
    if (level > ON_ABOVE) this.isOn = true;
    this.quietMs = level < OFF_BELOW ? this.quietMs + deltaMs : 0;
    if (this.quietMs > HOLD_MS) this.isOn = false;
  }

  private follow(level: number, deltaMs: number): void {
    const looks = Math.min(1, Math.max(0, (level - LOOKS_FROM) / (LOOKS_FULL_AT - LOOKS_FROM)));
    const timeMs = looks > this.level ? RISE_MS : FALL_MS;
    this.level += (looks - this.level) * (1 - Math.exp(-deltaMs / timeMs));
    if (this.shown === 0) this.level = 0;
  }
}
