import { Color } from 'three';

/** Light and colours of the room at one time of the day. */
export interface Mood {
  /** Ground colour: background and fog. */
  readonly fog: Color;
  readonly fogNear: number;
  readonly fogFar: number;
  readonly skyLight: Color;
  readonly groundLight: Color;
  readonly ambient: number;
  readonly sun: Color;
  readonly sunIntensity: number;
  /** From the camera's side, without shadow: keeps faces readable against the windows. */
  readonly fill: Color;
  readonly fillIntensity: number;
  readonly lamp: Color;
  readonly lampIntensity: number;
  readonly sky: { readonly top: Color; readonly low: Color; readonly hills: Color; readonly near: Color };
  /** Strength of the window light on the floor. */
  readonly patches: number;
  readonly patchColor: Color;
  /** Light on the table in front of a speaker, and how much it veils the wood. */
  readonly speaking: Color;
  readonly speakingVeil: number;
}

const c = (hex: number): Color => new Color(hex);

/** A time of day, by which the room is lit. */
export type RoomMood = 'day' | 'evening' | 'dark';

export const MOODS: Readonly<Record<RoomMood, Mood>> = {
  day: {
    fog: c(0xe9ddca),
    fogNear: 9,
    fogFar: 30,
    skyLight: c(0xfffaf2),
    groundLight: c(0xd9c6b0),
    ambient: 2.05,
    sun: c(0xffe4c0),
    sunIntensity: 1.7,
    fill: c(0xfff0dc),
    fillIntensity: 0.7,
    lamp: c(0xffe6bf),
    lampIntensity: 0.6,
    sky: { top: c(0xa9cbe0), low: c(0xffe7c4), hills: c(0x8fa58a), near: c(0x6f8a68) },
    patches: 0.17,
    patchColor: c(0xffe0b0),
    speaking: c(0xffd8a4),
    speakingVeil: 0.9,
  },
  evening: {
    fog: c(0xc79a78),
    fogNear: 8,
    fogFar: 30,
    skyLight: c(0xffd9b8),
    groundLight: c(0x94705a),
    ambient: 1.6,
    sun: c(0xff9c55),
    sunIntensity: 1.9,
    fill: c(0xffd2a6),
    fillIntensity: 0.75,
    lamp: c(0xffcf8f),
    lampIntensity: 1,
    sky: { top: c(0x6c6f9c), low: c(0xffa963), hills: c(0x6b5668), near: c(0x4a4050) },
    patches: 0.34,
    patchColor: c(0xff9d52),
    speaking: c(0xffb878),
    speakingVeil: 0.7,
  },
  dark: {
    fog: c(0x171b22),
    fogNear: 6,
    fogFar: 24,
    skyLight: c(0x8f9bb8),
    groundLight: c(0x4a3a30),
    ambient: 1.05,
    sun: c(0xffc98a),
    sunIntensity: 1.15,
    fill: c(0xbfcbe6),
    fillIntensity: 0.7,
    lamp: c(0xffd79a),
    lampIntensity: 1.25,
    sky: { top: c(0x0d1420), low: c(0x263650), hills: c(0x141c28), near: c(0x0f151e) },
    patches: 0.045,
    patchColor: c(0x7f9bd0),
    speaking: c(0xffa868),
    speakingVeil: 0.4,
  },
};
