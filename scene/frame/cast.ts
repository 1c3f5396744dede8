import { paletteTexels } from '@/lib/core/avatarPalette';
import { type DefaultAvatarRef, nearestAvatarRef } from '@/lib/core/avatarRef';
import { type AvatarLook as Choice, DEFAULT_LOOKS, paletteOf } from '@/lib/core/avatarSwatches';
import type { Participant } from '@/lib/core/meeting';
import { copyPose, type Pose } from '@/lib/pose/pose';
import type { AvatarCache } from '@/scene/avatar/avatarCache';
import type { AvatarModel } from '@/scene/avatar/avatarModel';
import type { Crowd } from '@/scene/avatar/crowd';
import { Actor } from './actor';
import type { Placement } from './placement';

/** What a person wears: a model, which others may share, and their own colours. */
export interface AvatarLook {
  /** Names the model for the avatar cache: an avatar's reference without colours. */
  readonly model: string;
  /** For `CrowdMember.setPalette`; null for the model's own colours. */
  readonly palette: Uint8Array | null;
}

function paletteIn({ key, colours }: DefaultAvatarRef): Uint8Array | null {
  if (Object.keys(colours).length === 0) return null;
  const look: Choice = { ...DEFAULT_LOOKS[key], ...colours };
  return paletteTexels(paletteOf(key, look));
}

/** Reads an avatar reference (see `nearestAvatarRef`). Any other text is the name of a model. */
export function avatarLook(avatar: string): AvatarLook {
  const ref = nearestAvatarRef(avatar);
  if (ref?.kind !== 'default') return { model: avatar, palette: null };
  return { model: ref.key, palette: paletteIn(ref) };
}

/** Options of {@link Cast}. */
export interface CastOptions {
  /** Draws everyone. */
  readonly crowd: Crowd;
  readonly avatars: AvatarCache;
  /** The coarsest levels of the same avatars, worn until the whole avatars have loaded. */
  readonly coarse?: AvatarCache;
  readonly standIn: AvatarModel;
  readonly placeOf: (seat: number) => Placement;
  /** Called when a person's avatar could not be loaded; the stand-in stays. */
  readonly onAvatarError?: (person: Participant, error: unknown) => void;
}

interface Member {
  person: Participant;
  look: AvatarLook;
  /** The model worn now, as {@link AvatarLook.model}; '' for the stand-in. */
  worn: string;
  readonly actor: Actor;
  /** The key acquired from {@link CastOptions.coarse} until the whole avatar has loaded. */
  coarse: string | null;
}

/** Everyone in the scene. Changes when people come or go, never within a frame. */
export class Cast {
  /** In no particular order; the frame loop walks this array. */
  readonly actors: Actor[] = [];
  private readonly members = new Map<string, Member>();
  private disposed = false;

  constructor(private readonly options: CastOptions) {}

  /** Brings the cast in line with `people`. */
  setPeople(people: readonly Participant[]): void {
    const ids = new Set(people.map((person) => person.id));
    for (const [id, member] of this.members) if (!ids.has(id)) this.remove(member);
    for (const person of people) this.update(person);
    this.actors.splice(0, this.actors.length, ...Array.from(this.members.values(), (member) => member.actor));
  }

  /** Moves everyone to where their seat is now. */
  rearrange(): void {
    for (const { person, actor } of this.members.values()) actor.moveTo(this.options.placeOf(person.seat));
  }

  get(personId: string): Actor | undefined {
    return this.members.get(personId)?.actor;
  }

  /** Writes the last drawn pose of `personId`; false for an unknown id. */
  drawnPose(personId: string, out: Pose): boolean {
    const actor = this.get(personId);
    if (!actor) return false;
    copyPose(actor.drawn, out);
    return true;
  }

  dispose(): void {
    this.disposed = true;
    for (const member of [...this.members.values()]) this.remove(member);
    this.actors.length = 0;
  }

  private update(person: Participant): void {
    const known = this.members.get(person.id);
    if (!known) {
      this.add(person);
      return;
    }
    const before = known.person;
    known.person = person;
    if (before.seat !== person.seat) known.actor.moveTo(this.options.placeOf(person.seat));
    if (before.avatar !== person.avatar) this.change(known, avatarLook(person.avatar));
  }

  private add(person: Participant): void {
    const actor = new Actor(person.id, this.options.crowd, this.options.standIn, this.options.placeOf(person.seat));
    const member = { person, actor, look: avatarLook(person.avatar), worn: '', coarse: null };
    this.members.set(person.id, member);
    this.dress(member);
  }

  private remove(member: Member): void {
    this.members.delete(member.person.id);
    member.actor.dispose();
    this.options.avatars.release(member.look.model);
    this.releaseCoarse(member);
  }

  /** Changes a person's look; new colours of a model already worn show at once. */
  private change(member: Member, look: AvatarLook): void {
    const before = member.look;
    member.look = look;
    if (member.worn === look.model) member.actor.recolour(look.palette);
    if (before.model === look.model) return;
    this.options.avatars.release(before.model);
    this.releaseCoarse(member);
    this.dress(member);
  }

  /** Puts on the person's avatar: the coarse one until the whole one has loaded. */
  private dress(member: Member): void {
    const key = member.look.model;
    const { avatars, coarse } = this.options;
    // Acquired first, since whole files wait for coarse ones.
    const early = coarse && !avatars.isLoaded(key) ? this.acquireCoarse(member, coarse) : null;
    const whole = avatars.acquire(key);
    if (early) void this.wearEarly(member, key, early);
    void this.wearWhole(member, key, whole);
  }

  /** Whether the person is still in the cast and still wants the avatar that was loaded for them. */
  private isCurrent(member: Member, key: string): boolean {
    return !this.disposed && this.members.get(member.person.id) === member && member.look.model === key;
  }

  private async wearEarly(member: Member, key: string, early: Promise<AvatarModel>): Promise<void> {
    try {
      const model = await early;
      if (this.isCurrent(member, key) && member.coarse !== null) this.wear(member, key, model);
    } catch {
      // Not every avatar has a coarse file: the stand-in stays until the whole one has loaded.
    }
  }

  private async wearWhole(member: Member, key: string, whole: Promise<AvatarModel>): Promise<void> {
    try {
      const model = await whole;
      if (!this.isCurrent(member, key)) return;
      this.wear(member, key, model);
      this.releaseCoarse(member);
    } catch (error) {
      if (this.isCurrent(member, key)) this.options.onAvatarError?.(member.person, error);
    }
  }

  /** The colours may have changed while the model loaded, so the present ones are put on. */
  private wear(member: Member, key: string, model: AvatarModel): void {
    member.actor.wear(model, member.look.palette);
    member.worn = key;
  }

  private acquireCoarse(member: Member, coarse: AvatarCache): Promise<AvatarModel> {
    member.coarse = member.look.model;
    return coarse.acquire(member.coarse);
  }

  private releaseCoarse(member: Member): void {
    if (member.coarse !== null) this.options.coarse?.release(member.coarse);
    member.coarse = null;
  }
}
