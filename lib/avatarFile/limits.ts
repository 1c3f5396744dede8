/** The most an avatar may have, so that everyone in a meeting can draw it. Checked before anything is decoded. */
export const AVATAR_LIMITS = {
  sizeBytes: 10_000_000,
  triangles: 32_000,
  textureSidePx: 2048,
  images: 16,
  joints: 128,
  /** Of everything drawn; files repeat vertices that several materials share. */
  vertices: 400_000,
  /** Vertices, triangles and blendshapes as decoded: what every page in the meeting keeps of it. */
  decodedBytes: 16_000_000,
} as const;

/** The most that is read, to report what is wrong with a file; anything larger is refused unread. */
export const READ_LIMITS = {
  sizeBytes: 64_000_000,
  jsonBytes: 8_000_000,
  /** Lists and objects within each other, in the description. */
  jsonDepth: 64,
  /** Values and names in the description; VRoid's have some ten thousand. */
  jsonValues: 300_000,
  /** Of each kind of part: nodes, accessors, buffer views and so on. */
  parts: 8192,
  /** Well above what an avatar may have, to say so in a report. */
  images: 64,
  /** Bytes of an image that are looked at to find its size. */
  imageHeaderBytes: 65_536,
  /** Of all meshes together. */
  primitives: 2048,
  targets: 512,
  /** Of all primitives together. */
  allTargets: 16_384,
  jointsPerSkin: 512,
  /** Primitives times the nodes that show them: a small file can ask for millions. */
  draws: 512,
  vertices: 1_000_000,
  indices: 6_000_000,
  /** Sum over all accessors; they may share bytes, so it can exceed the file. */
  accessorBytes: 256_000_000,
  /** Numbers that are decoded; primitives and morph targets may read the same ones again and again. */
  decodedValues: 24_000_000,
  nameLength: 256,
  textLength: 4000,
} as const;

/**
 * The most that swings, so that a file can't slow down everyone's frames: well above VRoid's hundred joints and a thousand
 * touches. Joints beyond it hang stiff; colliders beyond it stop nothing.
 */
export const SPRING_LIMITS = {
  joints: 256,
  colliders: 128,
  /** Collider groups of one spring. */
  groups: 64,
  /** Sum over all joints of the colliders that each can touch. */
  touches: 4096,
} as const;

/** The farthest that a coordinate of an avatar may lie from its origin, in the units of its file. */
export const COORDINATE_MAX = 1_000_000;
