import { describe, expect, it } from 'vitest';
import { swapBody } from '@/tools/bench/solve/measureFaults';
import { angleDeg, directionOf, Follower, frameOf, STANDING, type Turns } from '../person';

const FRONT = [0, 0, 1] as const;
const turned = (yawDeg: number, more: Turns = {}): Turns => ({ ...STANDING, hips: [0, yawDeg, 0], ...more });
const noFace = (turns: Turns, isSwapped = false) => {
  const frame = frameOf(turns);
  const body = isSwapped ? swapBody(frame.body!) : frame.body;
  return { ...frame, body, face: null, leftHand: null, rightHand: null };
};
const facing = (yawDeg: number) => [Math.sin((yawDeg * Math.PI) / 180), 0, Math.cos((yawDeg * Math.PI) / 180)];

describe('a model that confuses left and right', () => {
  it('S-14: sides confused now and then, without a face in sight, turn no one round', () => {
    const person = new Follower();
    person.watch(noFace(turned(10)), 1000);
    for (let k = 0; k < 60; k += 1) {
      const pose = person.see(noFace(turned(10), k % 5 < 2));
      expect(angleDeg(directionOf(pose, 'chest', FRONT), facing(10))).toBeLessThan(6);
    }
  });

  it('S-14: sides confused from the first picture on, without a face: people face the webcam', () => {
    const pose = new Follower().watch(noFace(turned(-15), true), 1000);
    expect(angleDeg(directionOf(pose, 'chest', FRONT), facing(-15))).toBeLessThan(6);
  });

  it('S-14: a person who really turns round is followed all the way', () => {
    const person = new Follower();
    person.watch(noFace(turned(0)), 1000);
    for (let yaw = 0; yaw <= 360; yaw += 6) {
      const pose = person.see(noFace(turned(yaw)));
      expect(angleDeg(directionOf(pose, 'chest', FRONT), facing(yaw)), `at ${yaw}`).toBeLessThan(30);
    }
  });

  it('S-14: a person who looks at the webcam over the shoulder stays turned away', () => {
    const person = new Follower();
    const glance = (yaw: number) => frameOf(turned(yaw, { neck: [0, -40, 0], head: [0, -35, 0] }));
    for (let yaw = 0; yaw <= 120; yaw += 5) person.see(glance(yaw));
    const pose = person.watch(glance(120), 500);
    expect(angleDeg(directionOf(pose, 'chest', FRONT), facing(120))).toBeLessThan(15);
  });

  it('S-14: a face that looks at the webcam corrects confused sides', () => {
    const frame = frameOf(turned(0));
    const pose = new Follower().watch({ ...frame, body: swapBody(frame.body!) }, 1000);
    expect(angleDeg(directionOf(pose, 'chest', FRONT), FRONT)).toBeLessThan(6);
  });
});
