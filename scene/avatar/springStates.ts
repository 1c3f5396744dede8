import type { RigSprings } from './rigSprings';
import { resetSprings, SPRING_STATE, SPRING_STEP_S, swingSprings } from './swingSprings';

const STEP_MS = SPRING_STEP_S * 1000;
/** Time that passed unseen is not made up for beyond this. */
const STEPS_MAX = 4;

const OFF = 0;
const ON = 1;
/** On, and at rest when next swung. */
const FRESH = 2;

/** How the springs of every row of a model swing. Nothing but {@link grow} allocates. */
export class SpringStates {
  private modes = new Uint8Array(0);
  private states = new Float32Array(0);
  private readonly length: number;
  /** Time not yet swung, from half a step behind to half a step ahead. */
  private leftMs = 0;
  private steps = 0;

  constructor(private readonly springs: RigSprings) {
    this.length = springs.entries.length * SPRING_STATE;
  }

  /** True where that is a change. */
  set(row: number, isOn: boolean): boolean {
    if (this.isOn(row) === isOn) return false;
    this.modes[row] = isOn ? FRESH : OFF;
    return true;
  }

  isOn(row: number): boolean {
    return this.modes[row] !== OFF;
  }

  /** Whether {@link swing} writes a row's joints without asking how they hang at rest. */
  isSwinging(row: number): boolean {
    return this.modes[row] === ON;
  }

  /** Lets a row begin at rest, where it swings at all: its person is suddenly somewhere else. */
  restart(row: number): void {
    if (this.isOn(row)) this.modes[row] = FRESH;
  }

  /** Takes note of time, for all rows. */
  advance(deltaMs: number): void {
    this.leftMs += deltaMs;
    const due = Math.round(this.leftMs / STEP_MS);
    this.leftMs -= due * STEP_MS;
    this.steps = Math.min(STEPS_MAX, Math.max(0, due));
  }

  /** Writes the matrices of a row's joints among those at `at`. */
  swing(row: number, matrices: Float32Array, at: number): void {
    const from = row * this.length;
    if (this.modes[row] === FRESH) {
      resetSprings(this.springs, matrices, at, this.states, from);
      this.modes[row] = ON;
    }
    swingSprings(this.springs, matrices, at, this.states, from, this.steps);
  }

  grow(capacity: number): void {
    const { modes, states } = this;
    this.modes = new Uint8Array(capacity);
    this.modes.set(modes);
    this.states = new Float32Array(capacity * this.length);
    this.states.set(states);
  }
}
