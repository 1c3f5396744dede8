import { type InstancedMesh, Matrix4, Mesh, MeshLambertMaterial, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import type { CreateMaterial } from '@/scene/room/build/material';
import { Audience } from '@/scene/room/gallery/audience';
import { GALLERY_SEATS, gallerySeats } from '@/scene/room/gallery/gallery';
import { SpectatorWall } from '@/scene/room/gallery/spectatorWall';
import { OPENING, ROOM } from '@/scene/room/plan/roomSize';

const createPlainMaterial: CreateMaterial = (parameters) => new MeshLambertMaterial(parameters);

const FRAME_MS = 50;

function run(part: { update(nowMs: number, deltaMs: number, isStill: boolean): void }, ms: number, fromMs = 0): void {
  for (let at = FRAME_MS; at <= ms; at += FRAME_MS) part.update(fromMs + at, FRAME_MS, false);
}

function matrices({ root }: Audience): number[] {
  return root.children.flatMap((child) => [...(child as InstancedMesh).instanceMatrix.array]);
}

describe('the audience', () => {
  it('the audience has one figure per spectator, up to the number of places', () => {
    const audience = new Audience(createPlainMaterial);
    for (const [watching, drawn] of [
      [3, 3],
      [25, 25],
      [500, GALLERY_SEATS],
      [1, 1],
      [0, 0],
    ] as const) {
      audience.setWatching(watching);
      run(audience, 1500);
      expect(audience.drawn).toBe(drawn);
    }
  });

  it('the audience draws no more figures than the picture quality allows', () => {
    const audience = new Audience(createPlainMaterial);
    audience.setWatching(30);
    audience.setMost(12);
    run(audience, 1500);
    expect(audience.drawn).toBe(12);
  });

  it('the audience costs two draws', () => {
    const audience = new Audience(createPlainMaterial);
    expect(audience.root.children.filter((child) => child instanceof Mesh)).toHaveLength(2);
  });

  it('the audience is gently alive: each figure moves, none far', () => {
    const audience = new Audience(createPlainMaterial);
    audience.setWatching(10);
    run(audience, 2000);
    const before = matrices(audience);
    run(audience, 1000, 2000);
    const after = matrices(audience);
    for (let i = 0; i < 10; i += 1) {
      const moves = Array.from({ length: 16 }, (_, k) => Math.abs(after[i * 16 + k]! - before[i * 16 + k]!));
      expect(Math.max(...moves)).toBeGreaterThan(0);
      expect(Math.max(...moves)).toBeLessThan(0.12);
    }
  });

  it('the audience appears at once and holds still with reduced motion', () => {
    const audience = new Audience(createPlainMaterial);
    audience.setWatching(10);
    audience.update(1000, 16, true);
    expect(audience.drawn).toBe(10);
    const before = matrices(audience);
    audience.update(5000, 16, true);
    expect(matrices(audience)).toEqual(before);
  });

  it('the audience sits within the opening and above the floor', () => {
    const [at, place] = [new Matrix4(), new Vector3()];
    const audience = new Audience(createPlainMaterial);
    audience.setWatching(GALLERY_SEATS);
    audience.update(0, 16, true);
    const bodies = audience.root.children[0] as InstancedMesh;
    for (let i = 0; i < GALLERY_SEATS; i += 1) {
      bodies.getMatrixAt(i, at);
      place.setFromMatrixPosition(at);
      expect(place.x).toBeGreaterThan(ROOM.halfX);
      expect(Math.abs(place.z)).toBeLessThan(OPENING.halfWidth);
      expect(place.y).toBeGreaterThan(0.2);
    }
  });

  it('no two places of the gallery overlap', () => {
    const seats = gallerySeats();
    for (const [i, a] of seats.entries()) {
      for (const b of seats.slice(i + 1)) expect(Math.hypot(a.x - b.x, a.z - b.z)).toBeGreaterThan(0.5);
    }
  });
});

describe('the wall before the gallery', () => {
  const [closed, gallery] = [0, 1];

  it('the wall is closed without spectators and out of the way with one', () => {
    const wall = new SpectatorWall(createPlainMaterial);
    const parts = wall.root.children;
    expect([parts[closed]!.visible, parts[gallery]!.visible]).toEqual([true, false]);
    wall.setWatching(1);
    run(wall, 3000);
    expect([parts[closed]!.visible, parts[gallery]!.visible]).toEqual([false, true]);
    wall.setWatching(0);
    run(wall, 4000);
    expect([parts[closed]!.visible, parts[gallery]!.visible]).toEqual([true, false]);
  });

  it('the wall opens at once with reduced motion', () => {
    const wall = new SpectatorWall(createPlainMaterial);
    wall.setWatching(2);
    wall.update(0, 16, true);
    wall.update(16, 16, true);
    expect(wall.root.children[closed]!.visible).toBe(false);
  });
});
