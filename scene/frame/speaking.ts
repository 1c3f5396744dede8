import { approach, smooth } from '@/lib/core/easing';
import { ARKIT_INDEX, type ArkitBlendshape } from '@/lib/pose/arkit';
import { FACE_OFFSET } from '@/lib/pose/pose';
import { seedAt } from './seedOf';

/** A louder voice starts to speak; one that is quieter than the second level for long enough has stopped. */
const ON_ABOVE = 0.34;
const OFF_BELOW = 0.22;
/** A pause for breath still counts as speaking. */
const HOLD_MS = 500;
/** Levels that look silent and full: a room's noise is not shown. Levels are linear in dB. */
const LOOKS_FROM = 0.2;
const LOOKS_FULL_AT = 0.8;
const APPEAR_MS = 110;
const VANISH_MS = 420;
const RISE_MS = 70;
const FALL_MS = 320;
/** Level of a speaking person where decorative motion is off. */
const STEADY_LEVEL = 0.45;

/** How the marks of a speaking person are lit: on fast, off slowly, without blinking between words. */
export class SpeakingLight {
  /** Whether the person counts as speaking. */
  isOn = false;
  /** How far the marks have faded in, 0 to 1. */
  shown = 0;
  /** How loud the marks look, 0 to 1; follows the voice. */
  level = 0;
  private quietMs = 0;

  /** Notes that the voice was at `level` (0 to 1) for `deltaMs`; `isStill`: no easing, no pulse. */
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

/** Fast enough that the jaw does not look late, and about as fast as a real one. */
const ATTACK_MS = 60;
const RELEASE_MS = 95;
/** The mean over about the last half second tells whether the voice gets louder. */
const MEAN_MS = 500;
/**
 * Below the first level there is only a room's noise; at the second a voice is at its liveliest. Levels are linear in
 * dB.
 */
const HEARD_FROM = 0.2;
const LIVELY_AT = 0.75;
/** A mouth that is nearly shut is shut. */
const SHUT_BELOW = 0.015;
/** Syllables a second of a calm and of a lively voice. */
const SYLLABLES_CALM = 3.4;
const SYLLABLES_LIVELY = 5.2;
/** How far the lips close between two syllables. */
const DIP = 0.62;
/** Full opening of the jaw; ARKit's 1 is a yawn. */
const JAW_MAX = 0.46;
/** Shares of syllables that are round (o, u) and wide (e, i); the others are open (a). */
const ROUND_SHARE = 0.34;
const WIDE_SHARE = 0.34;

const at = (shape: ArkitBlendshape): number => FACE_OFFSET + ARKIT_INDEX[shape];
const JAW = at('jawOpen');
const CLOSE = at('mouthClose');
const FUNNEL = at('mouthFunnel');
const PUCKER = at('mouthPucker');
const STRETCH = [at('mouthStretchLeft'), at('mouthStretchRight')] as const;
const LOWER = [at('mouthLowerDownLeft'), at('mouthLowerDownRight')] as const;
const UPPER = [at('mouthUpperUpLeft'), at('mouthUpperUpRight')] as const;

function easeTowards(value: number, goal: number, deltaMs: number, timeMs: number): number {
  return value + (goal - value) * (1 - Math.exp(-deltaMs / timeMs));
}

/** How far syllable `index` opens, 0 to 1. */
const openness = (seed: number, index: number): number => 0.55 + 0.45 * seedAt(seed, index);
const kind = (seed: number, index: number): number => seedAt(seed + 0.31, index);
const roundness = (seed: number, index: number): number => (kind(seed, index) < ROUND_SHARE ? 1 : 0);
const width = (seed: number, index: number): number => (kind(seed, index) > 1 - WIDE_SHARE ? 1 : 0);

const mix = (a: number, b: number, t: number): number => a + (b - a) * t;

function add(values: Float32Array, index: number, weight: number): void {
  values[index] = Math.min(1, values[index]! + weight);
}

/**
 * A mouth moved by how loud a voice is, for faces that no webcam follows: the level opens it, a rising level opens it
 * further, and syllables of changing shape pass over it at the pace of speech. Silence shuts it exactly. Allocates
 * nothing.
 */
export class VoiceMouth {
  private energy = 0;
  private mean = 0;
  /** Syllables so far; the fraction is the progress of the present one. */
  private syllables = 0;

  /** `seed` 0 to 1 makes people differ, so that no two speak in step. */
  constructor(private readonly seed: number) {}

  /** Whether there is nothing to write. */
  get isShut(): boolean {
    return this.energy === 0;
  }

  /** Notes that the voice was at `level` (0 to 1) for `deltaMs`. */
  advance(level: number, deltaMs: number): void {
    if (level <= HEARD_FROM && this.isShut && this.mean === 0) return;
    const heard = Math.min(1, Math.max(0, (level - HEARD_FROM) / (LIVELY_AT - HEARD_FROM)));
    this.energy = easeTowards(this.energy, heard, deltaMs, heard > this.energy ? ATTACK_MS : RELEASE_MS);
    if (heard === 0 && this.energy < SHUT_BELOW) this.energy = 0;
    this.mean = easeTowards(this.mean, this.energy, deltaMs, MEAN_MS);
    if (this.isShut && this.mean < SHUT_BELOW) this.mean = 0;
    this.syllables += (deltaMs / 1000) * mix(SYLLABLES_CALM, SYLLABLES_LIVELY, this.energy);
  }

  /** Adds the mouth's shape to the face in `values`: `share` 0 not at all, 1 fully. Adds nothing in silence. */
  write(values: Float32Array, share: number): void {
    if (this.energy === 0 || share <= 0) return;
    const { seed } = this;
    const index = Math.floor(this.syllables);
    const t = this.syllables - index;
    const blend = smooth(t);
    // Open in the middle of a syllable, nearly closed at its ends.
    const apart = 1 - DIP * (1 - Math.sin(Math.PI * t) ** 2);
    const rise = Math.max(0, this.energy - this.mean);
    // A quiet voice still moves the lips; a loud one does not look like shouting.
    const loud = share * Math.min(1, this.energy * (1.6 - 0.75 * this.energy) + 0.3 * rise);
    const open = loud * mix(openness(seed, index), openness(seed, index + 1), blend) * apart;
    this.writeLips(
      values,
      open,
      loud * mix(roundness(seed, index), roundness(seed, index + 1), blend),
      loud * mix(width(seed, index), width(seed, index + 1), blend),
      loud * (1 - apart),
    );
  }

  private writeLips(values: Float32Array, open: number, round: number, wide: number, together: number): void {
    add(values, JAW, JAW_MAX * open * (1 - 0.3 * wide));
    add(values, FUNNEL, 0.36 * round);
    add(values, PUCKER, 0.22 * round);
    add(values, CLOSE, 0.12 * together);
    for (let side = 0; side < 2; side += 1) {
      add(values, STRETCH[side]!, 0.24 * wide);
      add(values, LOWER[side]!, 0.3 * open);
      add(values, UPPER[side]!, 0.12 * open * (1 - round));
    }
  }
}
