import type { SeatedPerson } from '@/lib/core/meeting';
import type { Actor } from '@/scene/frame/actor';
import type { Placement } from '@/scene/frame/placement';
import { ArrangementChoice } from '@/scene/room/arrangementChoice';
import { type Arrangement, createArrangement } from '@/scene/room/plan/arrangement';
import { SEAT_HEIGHT } from '@/scene/room/plan/roomSize';
import { Room } from '@/scene/room/room';
import { createRoomMaterial } from './matteMaterial';

/** How bright the light before whoever speaks is at their softest; the voice does the rest. */
const SPEAKING_LIGHT = 0.45;

/** Who sits where: furnishes the room for the people there are, and keeps chairs and light in line with them. */
export class Seating {
  readonly room: Room;
  private readonly choice = new ArrangementChoice();
  private readonly seatOf = new Map<string, number>();
  private arranged: Arrangement;
  private highestSeat = -1;

  /** `seats`: those of the meeting. */
  constructor(private readonly seats: number) {
    this.arranged = createArrangement('table', seats);
    this.room = new Room(this.arranged, seats, createRoomMaterial);
  }

  get arrangement(): Arrangement {
    return this.arranged;
  }

  /** Where the person on `seat` is. */
  placeOf(seat: number): Placement {
    const { seats } = this.arranged;
    return { ...seats[seat % seats.length]!, seatHeight: SEAT_HEIGHT };
  }

  setPeople(people: readonly SeatedPerson[]): void {
    this.seatOf.clear();
    for (const { id, seat } of people) this.seatOf.set(id, seat);
    this.highestSeat = people.reduce((highest, { seat }) => Math.max(highest, seat), -1);
  }

  /** Rearranges the room where the people need it; true where everybody's place has changed. */
  arrange(nowMs: number): boolean {
    const before = this.arranged.name;
    if (!this.choice.update(this.highestSeat, nowMs) || this.choice.name === before) return false;
    this.arranged = createArrangement(this.choice.name, this.seats);
    this.room.furnish(this.arranged);
    this.settleChairs();
    return true;
  }

  /** Puts every chair where it belongs at once. */
  settleChairs(): void {
    const { chairs } = this.room.furnishing;
    for (const seat of this.seatOf.values()) chairs.setTaken(seat, 1);
    chairs.settle();
  }

  /** Chairs, shadows and light follow the people. Allocates nothing. */
  update(actors: readonly Actor[], deltaMs: number, isStill: boolean): void {
    const { furnishing } = this.room;
    furnishing.chairs.clearTaken();
    furnishing.speaking.clear();
    for (let i = 0; i < this.seats; i += 1) {
      const actor = actors[i];
      if (actor) this.follow(actor, i);
      else furnishing.setStandingShadow(i, 0, 0, 0);
    }
    if (isStill) furnishing.chairs.settle();
    else furnishing.chairs.update(deltaMs);
    furnishing.speaking.update();
  }

  dispose(): void {
    this.room.dispose();
  }

  private follow(actor: Actor, i: number): void {
    const { furnishing } = this.room;
    const seat = this.seatOf.get(actor.id) ?? 0;
    furnishing.chairs.setTaken(seat, 1 - actor.standing);
    const { shown, level } = actor.speaking;
    if (actor.visible) furnishing.speaking.set(seat, shown * (SPEAKING_LIGHT + (1 - SPEAKING_LIGHT) * level));
    furnishing.setStandingShadow(i, actor.position.x, actor.position.z, actor.visible ? actor.standing : 0);
  }
}
