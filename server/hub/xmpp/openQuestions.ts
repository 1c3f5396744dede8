import type { Clock } from '@/lib/core/clock';
import type { Element } from './stanza';

/** An occupant that waits for the features of another, and the id under which it expects them. */
export interface Asker {
  readonly nick: string;
  readonly id: string;
}

/** What is to be done with a question: pass it on under the hub's own `id`, wait with those who asked before, or answer it. */
type Asked =
  | { readonly kind: 'pass'; readonly id: string }
  | { readonly kind: 'wait' }
  | { readonly kind: 'known'; readonly features: Element | null };

/** An occupant's features as it has told them; null if it refuses to. */
interface Told {
  readonly features: Element | null;
  readonly atMs: number;
}

/** A question that has been passed on. */
interface Open {
  readonly id: string;
  readonly key: string;
  readonly answererNick: string;
  readonly atMs: number;
  readonly askers: Asker[];
}

/** A question without an answer is passed on again after this long, and so is one that was refused. */
const ASK_AGAIN_MS = 10_000;
/** Most occupants that wait for one answer: all of a full room. */
const ASKERS_MAX = 256;

/**
 * What the occupants of a room have asked each other, and been told. An occupant is asked once, however many want to know:
 * its client has to answer each question, and could be made to send more than it may. Each question gets an id of the
 * hub's own, so that only answers to questions pass, once, and an id carries no words.
 */
export class OpenQuestions {
  private readonly told = new Map<string, Told>();
  private readonly openByKey = new Map<string, Open>();
  private readonly openById = new Map<string, Open>();
  private last = 0;

  constructor(private readonly clock: Clock) {}

  /** `asker` wants to know the features of `answererNick` under `node`, the one it shows, or none. */
  ask(answererNick: string, node: string | null, asker: Asker): Asked {
    const key = `${answererNick} ${node ?? ''}`;
    const nowMs = this.clock.nowMs();
    const told = this.told.get(key);
    if (told && (told.features !== null || nowMs - told.atMs < ASK_AGAIN_MS)) {
      return { kind: 'known', features: told.features };
    }
    const before = this.openByKey.get(key);
    if (before && nowMs - before.atMs < ASK_AGAIN_MS) {
      if (before.askers.length < ASKERS_MAX) before.askers.push(asker);
      return { kind: 'wait' };
    }
    return { kind: 'pass', id: this.open(key, answererNick, [...(before?.askers ?? []), asker].slice(-ASKERS_MAX)) };
  }

  /**
   * An occupant answers the question `id` with its features, or refuses. Returns those who have asked; none if that was no
   * question to it.
   */
  take(id: string | undefined, answererNick: string, features: Element | null): readonly Asker[] {
    const open = id === undefined ? undefined : this.openById.get(id);
    if (open?.answererNick !== answererNick) return [];
    this.close(open);
    this.told.set(open.key, { features, atMs: this.clock.nowMs() });
    return open.askers;
  }

  /** An occupant has left, or shows another client. */
  forget(nick: string): void {
    const isOf = (key: string) => key.startsWith(`${nick} `);
    for (const key of this.told.keys()) if (isOf(key)) this.told.delete(key);
    for (const open of this.openByKey.values()) if (isOf(open.key)) this.close(open);
  }

  private open(key: string, answererNick: string, askers: Asker[]): string {
    const before = this.openByKey.get(key);
    if (before) this.close(before);
    this.last += 1;
    const open = { id: `hub-${this.last}`, key, answererNick, atMs: this.clock.nowMs(), askers };
    this.openByKey.set(key, open);
    this.openById.set(open.id, open);
    return open.id;
  }

  private close({ key, id }: Open): void {
    this.openByKey.delete(key);
    this.openById.delete(id);
  }
}
