import fc from 'fast-check';
import { PerspectiveCamera, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { orbitFov } from '@/scene/camera/fieldOfView';
import { framePeople } from '@/scene/camera/framing';
import { type Shot, shotPosition } from '@/scene/camera/shot';
import { frameSpeaker } from '@/scene/camera/speakerShots';
import {
  createFaceDisc,
  createPlateBox,
  type FaceDisc,
  NO_PLACE,
  type PlateBox,
  PlateLayout,
  type PlatePicture,
  pushInside,
} from '@/scene/react/plates/plateLayout';
import { createArrangement } from '@/scene/room/plan/arrangement';

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const BOUNDS = { halfX: 5.9, halfZ: 4.7, minY: 0.3, maxY: 3 };

const plate = (over: Partial<PlateBox>): PlateBox => ({
  ...createPlateBox(),
  halfWidth: 40,
  halfHeight: 13,
  isShown: true,
  ...over,
});
const face = (over: Partial<FaceDisc>): FaceDisc => ({ ...createFaceDisc(), radius: 25, isShown: true, ...over });
const nowhere = (): FaceDisc => createFaceDisc();

function picture(plates: PlateBox[], faces: FaceDisc[], size = DESKTOP, caption = createPlateBox()): PlatePicture {
  return { ...size, plates, faces, caption };
}

function lay(of: PlatePicture, lifts = new Float32Array(of.plates.length)): number[] {
  new PlateLayout(of.plates.length).lay(of, lifts);
  return [...lifts];
}

/** What a visible plate wrongly lies over; null if nothing. */
function breach({ plates, faces, width, height, caption }: PlatePicture, lifts: readonly number[]): string | null {
  const shown = plates.flatMap((box, i) => (lifts[i] === NO_PLACE ? [] : [{ ...box, y: box.y - lifts[i]!, i }]));
  for (const a of shown) {
    if (!a.isShown) return `${a.i} is beside the picture and shown`;
    if (a.x - a.halfWidth < 0 || a.x + a.halfWidth > width || a.y - a.halfHeight < 0 || a.y + a.halfHeight > height) {
      return `${a.i} leaves the picture`;
    }
    for (const [j, disc] of faces.entries()) {
      const dx = Math.max(0, Math.abs(a.x - disc.x) - a.halfWidth);
      const dy = Math.max(0, Math.abs(a.y - disc.y) - a.halfHeight);
      if (disc.isShown && Math.hypot(dx, dy) < disc.radius) return `${a.i} covers the face of ${j}`;
    }
    const others = caption.isShown ? [...shown, { ...caption, i: -1 }] : shown;
    for (const b of others) {
      if (b.i === a.i) continue;
      const isBeside = Math.abs(a.x - b.x) >= a.halfWidth + b.halfWidth;
      if (!isBeside && Math.abs(a.y - b.y) < a.halfHeight + b.halfHeight) return `${a.i} covers plate ${b.i}`;
    }
  }
  return null;
}

/** People as an orbit view sees them: plates above their heads, faces below. */
function projected(view: Shot, count: number, size: typeof PHONE, halfWidths: readonly number[]): PlatePicture {
  const camera = new PerspectiveCamera(orbitFov(size.width / size.height), size.width / size.height, 0.08, 60);
  const at = shotPosition(view, { x: 0, y: 0, z: 0 });
  camera.position.set(at.x, at.y, at.z);
  camera.lookAt(view.target.x, view.target.y, view.target.z);
  camera.updateMatrixWorld();
  const plates: PlateBox[] = [];
  const faces: FaceDisc[] = [];
  for (const [i, { x, z }] of seatsOf(count).entries()) {
    const eyes = new Vector3(x, 1.03, z);
    const depth = -eyes.clone().applyMatrix4(camera.matrixWorldInverse).z;
    const toPixels = (point: Vector3) => {
      const { x: u, y: v } = point.project(camera);
      return { x: (u * 0.5 + 0.5) * size.width, y: (0.5 - v * 0.5) * size.height };
    };
    const radius = (0.17 * size.height) / (2 * Math.max(0.3, depth) * Math.tan((camera.fov * Math.PI) / 360));
    const disc = face({ ...toPixels(eyes), radius, isShown: depth > 0.2 });
    const top = toPixels(new Vector3(x, 1.3, z));
    const box = plate({ x: top.x, y: top.y - 13, halfWidth: halfWidths[i % halfWidths.length]!, depth });
    box.isShown = depth > 0.2;
    pushInside(box, disc, size.width, size.height);
    plates.push(box);
    faces.push(disc);
  }
  return picture(plates, faces, size);
}

const seatsOf = (count: number) => createArrangement(count > 6 ? 'arc' : 'table', 16).seats.slice(0, count);
const peopleOf = (count: number) =>
  seatsOf(count).map(({ x, z, yawRad }, i) => ({ id: `${i}`, x, z, yawRad, eyeY: 1.03, topY: 1.3, isSelf: i === 0 }));

const within = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const names = fc.array(within(18, 120), { minLength: 16, maxLength: 16 });
const counts = fc.integer({ min: 1, max: 16 });
const sizes = fc.constantFrom(PHONE, DESKTOP, { width: 844, height: 390 });

describe('plate layout', () => {
  it('the layout of plates leaves a plate that covers nothing in its place', () => {
    const plates = [plate({ x: 100, y: 100, depth: 3 }), plate({ x: 300, y: 100, depth: 3 })];
    expect(lay(picture(plates, [nowhere(), nowhere()]))).toEqual([0, 0]);
  });

  it('the layout of plates lifts the farther of two plates over the nearer', () => {
    const plates = [plate({ x: 100, y: 100, depth: 5 }), plate({ x: 110, y: 105, depth: 3 })];
    const lifts = lay(picture(plates, [nowhere(), nowhere()]));
    expect(lifts[1]).toBe(0);
    expect(100 - lifts[0]! + 13).toBeLessThan(105 - 13);
  });

  it("the layout of plates lifts a plate off another's face", () => {
    const plates = [plate({ x: 100, y: 100, depth: 3 }), plate({ x: 400, y: 60, depth: 6 })];
    const lifts = lay(picture(plates, [nowhere(), face({ x: 100, y: 110 })]));
    expect(100 - lifts[0]! + 13).toBeLessThan(110 - 25);
  });

  it('the layout of plates puts a plate below the chin if there is no place above the head', () => {
    const own = face({ x: 100, y: 40 });
    const [lift] = lay(picture([plate({ x: 100, y: 10, depth: 3 })], [own]));
    expect(10 - lift! - 13).toBeGreaterThan(40 + 25);
  });

  it('the layout of plates moves a plate off the caption of a shared screen', () => {
    const caption = plate({ x: 110, y: 100 });
    const of = picture([plate({ x: 100, y: 100, depth: 3 })], [nowhere()], DESKTOP, caption);
    expect(breach(of, lay(of))).toBeNull();
  });

  it('the layout of plates hides a plate that finds no place rather than laying it over another', () => {
    const stack = Array.from({ length: 8 }, (_, i) => plate({ x: 100, y: 300, depth: 3 + i }));
    const of = picture(
      stack,
      stack.map(() => face({ x: 100, y: 345 })),
    );
    const lifts = lay(of);
    expect(lifts[0]).toBe(0);
    expect(lifts).toContain(NO_PLACE);
    expect(breach(of, lifts)).toBeNull();
  });

  it('the layout of plates does not bring a hidden plate back at once', () => {
    const [own, above, below] = [
      face({ x: 100, y: 345 }),
      face({ x: 100, y: 283, radius: 20 }),
      face({ x: 100, y: 400 }),
    ];
    const hidden = plate({ isShown: false });
    const of = picture([plate({ x: 100, y: 300, depth: 3 }), hidden, hidden], [own, above, below]);
    expect(lay(of)[0]).toBeCloseTo(53, 0);
    expect(lay(of, new Float32Array([NO_PLACE, NO_PLACE, NO_PLACE]))[0]).toBe(NO_PLACE);
  });

  it('the layout of plates hides the plates of people outside the picture, and pushes the others in', () => {
    const [out, rim] = [plate({ x: -5 }), plate({ x: 12 })];
    pushInside(out, face({ x: -5, y: 100 }), 390, 844);
    pushInside(rim, face({ x: 12, y: 100 }), 390, 844);
    expect(out.isShown).toBe(false);
    expect(rim.x).toBeGreaterThanOrEqual(rim.halfWidth);
  });

  it('the layout of plates never lays a plate over a face or another plate, in any picture', () => {
    const boxes = fc.record({
      x: within(-50, 500),
      y: within(-50, 900),
      halfWidth: within(15, 120),
      depth: within(1, 9),
    });
    const discs = fc.record({
      x: within(-50, 500),
      y: within(-50, 900),
      radius: within(4, 120),
      isShown: fc.boolean(),
    });
    const before = fc.array(fc.constantFrom(0, 20, -30, NO_PLACE), { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(fc.array(fc.tuple(boxes, discs), { maxLength: 16 }), sizes, before, (pairs, size, lifts) => {
        const of = picture(
          pairs.map(([box]) => plate(box)),
          pairs.map(([, disc]) => disc),
          size,
        );
        expect(breach(of, lay(of, Float32Array.from(lifts.slice(0, pairs.length))))).toBeNull();
      }),
      { numRuns: 400 },
    );
  });

  it('the layout of plates never lays a plate over a face or another plate with up to sixteen people, from anywhere in the room', () => {
    const views = fc.record({
      target: fc.record({ x: within(-2, 2), y: within(0.5, 1.2), z: within(-2, 2) }),
      azimuth: within(-Math.PI, Math.PI),
      elevation: within(0, 1),
      distance: within(1.2, 6),
    });
    fc.assert(
      fc.property(views, counts, sizes, names, (view, count, size, halfWidths) => {
        const of = projected(view, count, size, halfWidths);
        expect(breach(of, lay(of))).toBeNull();
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['desktop', DESKTOP, 14],
    ['phone', PHONE, 8],
  ] as const)('still names most of sixteen people in the framed picture of a %s', (_, size, least) => {
    const view = framePeople(peopleOf(16), size.width / size.height, BOUNDS);
    const of = projected(view, 16, size, [26, 45, 33, 60, 22, 38]);
    const lifts = lay(of);
    expect(breach(of, lifts)).toBeNull();
    expect(lifts.filter((lift) => lift !== NO_PLACE).length).toBeGreaterThanOrEqual(least);
  });

  it('the layout of plates shows the speaker’s plate on a phone with sixteen people, on any seat', () => {
    for (let speaker = 0; speaker < 16; speaker += 1) {
      const people = peopleOf(16);
      const view = frameSpeaker(people, people[speaker]!, PHONE.width / PHONE.height, BOUNDS);
      const of = projected(view, 16, PHONE, [26, 45, 33, 60, 22, 38]);
      of.plates[speaker]!.depth -= 20;
      expect(lay(of)[speaker]).not.toBe(NO_PLACE);
    }
  });
});
