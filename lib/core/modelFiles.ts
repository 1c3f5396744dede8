/** The part of a person that a model reads. */
export type ModelName = 'face' | 'body' | 'hands';

/** Where Google keeps MediaPipe's models. */
export const MODELS_STORAGE_URL = 'https://storage.googleapis.com/mediapipe-models';

/** One of MediaPipe's models: its file, where Google keeps it, and its size and hash when complete. */
export interface ModelFile {
  /** Name of the file in the site's folder of models. */
  readonly name: string;
  /** Below {@link MODELS_STORAGE_URL}, or a mirror of it. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** MediaPipe's official models, version 1. */
export const MODEL_FILES: Readonly<Record<ModelName, ModelFile>> = {
  face: {
    name: 'face_landmarker.task',
    path: 'face_landmarker/face_landmarker/float16/1/face_landmarker.task',
    sizeBytes: 3_758_596,
    sha256: '64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff',
  },
  body: {
    name: 'pose_landmarker_lite.task',
    path: 'pose_landmarker/pose_landmarker_lite/float16/1/pose_landmarker_lite.task',
    sizeBytes: 5_777_746,
    sha256: '59929e1d1ee95287735ddd833b19cf4ac46d29bc7afddbbf6753c459690d574a',
  },
  hands: {
    name: 'hand_landmarker.task',
    path: 'hand_landmarker/hand_landmarker/float16/1/hand_landmarker.task',
    sizeBytes: 7_819_105,
    sha256: 'fbc2a30080c3c557093b5ddfc334698132eb341044ccee322ccf8bcf3607cde1',
  },
};
