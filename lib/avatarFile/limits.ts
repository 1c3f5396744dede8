/** What an avatar may have at most, so that everybody in a meeting can draw it. Checked before anything is decoded. */
export const AVATAR_LIMITS = {
  sizeBytes: 10_000_000,
  triangles: 32_000,
  textureSidePx: 2048,
  images: 16,
  joints: 128,
  /** Of all that is drawn; files repeat vertices that several materials share. */
  vertices: 400_000,
} as const;

/** What is read at all, to say what is wrong with it; beyond, a file is refused unread. */
export const READ_LIMITS = {
  sizeBytes: 64_000_000,
  jsonBytes: 8_000_000,
  /** Of each kind of part: nodes, accessors, buffer views and so on. */
  parts: 8192,
  targets: 512,
  /** Primitives times the nodes that show them: a small file can ask for millions. */
  draws: 512,
  vertices: 1_000_000,
  indices: 6_000_000,
  /** Sum over all accessors; they may share bytes, so it can exceed the file. */
  accessorBytes: 256_000_000,
  nameLength: 256,
  textLength: 4000,
} as const;

/**
 * What swings at most, so that a file can't slow down everybody's frames: well above VRoid's hundred joints and a thousand
 * touches. What is beyond hangs stiff, and passes through.
 */
export const SPRING_LIMITS = {
  joints: 256,
  colliders: 128,
  /** Collider groups of one spring. */
  groups: 64,
  /** Sum over all joints of the colliders that each can meet. */
  touches: 4096,
} as const;

/** Farthest that any coordinate of an avatar may lie from its origin, in the units of its file. */
export const COORDINATE_MAX = 1_000_000;
