/** An area of the code: a folder or file and the areas it may import. */
export interface Area {
  /** Path relative to the root; a file belongs to the area with the longest matching path. */
  readonly path: string;
  /** Areas it may import, besides itself. */
  readonly may: readonly string[];
  /** Packages it may import; `*` means any. Node's own modules count as `node:`. */
  readonly packages: readonly string[];
  /** Areas of which it may import types only, which leave no trace in a build. */
  readonly mayTypes?: readonly string[];
}

const NODE = 'node:';

/** Every allowed arrow. A file outside all areas, or an import along no arrow, fails the architecture test. */
export const AREAS: readonly Area[] = [
  { path: 'lib/core', may: [], packages: [] },
  { path: 'lib/pose', may: ['lib/core'], packages: [] },
  { path: 'lib/motion', may: ['lib/core', 'lib/pose'], packages: [] },
  { path: 'lib/avatarFile', may: ['lib/core', 'lib/pose'], packages: [] },
  { path: 'lib/solve', may: ['lib/core', 'lib/pose'], packages: [] },
  { path: 'lib/codec', may: ['lib/core', 'lib/pose'], packages: [] },
  { path: 'lib/quality', may: ['lib/core'], packages: [] },
  { path: 'lib/webrtc', may: [], packages: ['werift'] },
  { path: 'lib/transport', may: ['lib/core', 'lib/devices'], packages: [] },
  {
    path: 'lib/transport/headless',
    may: ['lib/transport', 'lib/webrtc', 'lib/core'],
    packages: [NODE, '@xmpp/client', 'werift', 'ws', 'mediabunny'],
  },
  { path: 'lib/voice', may: ['lib/core', 'lib/devices', 'lib/transport'], packages: [] },
  { path: 'lib/capture', may: ['lib/core', 'lib/devices'], packages: ['@mediapipe/tasks-vision'] },
  { path: 'lib/playout', may: ['lib/core', 'lib/pose'], packages: [] },
  {
    path: 'lib/export',
    may: [
      'lib/core',
      'lib/webrtc',
      'lib/pose',
      'lib/codec',
      'lib/playout',
      'lib/recording',
      'lib/voice',
      'lib/avatarFile',
    ],
    packages: ['mediabunny', 'opus-decoder', 'fflate'],
  },
  { path: 'lib/recording', may: ['lib/core', 'lib/playout'], packages: ['zod'] },
  {
    path: 'lib/meeting',
    may: [
      'lib/core',
      'lib/pose',
      'lib/motion',
      'lib/solve',
      'lib/codec',
      'lib/quality',
      'lib/transport',
      'lib/playout',
    ],
    packages: [],
  },
  {
    path: 'lib/replay',
    may: ['lib/core', 'lib/pose', 'lib/playout', 'lib/recording', 'lib/transport', 'lib/meeting', 'lib/voice'],
    packages: [],
  },
  {
    path: 'lib/attend',
    may: ['lib/core', 'lib/api', 'lib/meeting', 'lib/motion', 'lib/pose', 'lib/quality', 'lib/transport'],
    packages: [],
  },
  {
    path: 'lib/attend/headless',
    may: ['lib/attend', 'lib/api', 'lib/core', 'lib/meeting', 'lib/motion', 'lib/transport/headless'],
    packages: [],
  },
  { path: 'lib/devices', may: ['lib/core'], packages: [] },
  {
    path: 'lib/api',
    may: ['lib/core'],
    mayTypes: ['server/api'],
    packages: ['@trpc/client', 'eventsource-parser'],
  },
  {
    path: 'scene/avatar',
    may: ['scene/avatar/reading', 'lib/core', 'lib/pose', 'lib/avatarFile'],
    packages: ['three'],
  },
  // Runs in a worker: three stays out.
  { path: 'scene/avatar/reading', may: ['lib/avatarFile'], packages: [] },
  {
    path: 'scene/frame',
    may: ['scene/avatar', 'scene/room', 'scene/camera', 'lib/core', 'lib/pose', 'lib/playout'],
    packages: ['three'],
  },
  { path: 'scene/room', may: ['lib/core'], packages: ['three'] },
  { path: 'scene/camera', may: ['lib/core'], packages: ['three'] },
  {
    path: 'scene/react',
    may: [
      'scene/avatar',
      'scene/frame',
      'scene/room',
      'scene/camera',
      'lib/core',
      'lib/pose',
      'lib/motion',
      'lib/meeting',
    ],
    packages: ['react', 'three', '@react-three/fiber', '@react-three/drei'],
  },
  {
    path: 'app',
    may: ['server/runtime', 'scene/react', 'scene/frame', 'scene/room', 'lib/*'],
    packages: ['react', 'react-dom', 'next', 'uplot', '@fontsource-variable/bricolage-grotesque'],
  },
  { path: 'app/m', may: ['app', 'lib/*', 'server/runtime'], packages: ['react', 'next'] },
  { path: 'app/r', may: ['app', 'server/runtime'], packages: ['react', 'next'] },
  { path: 'app/ops', may: ['app'], packages: ['react', 'next'] },
  { path: 'server/runtime', may: ['lib/core'], packages: [] },
  { path: 'server/env', may: ['lib/core'], packages: [NODE, 'zod'] },
  {
    path: 'server/store',
    may: ['server/env', 'lib/core'],
    packages: [NODE, 'drizzle-orm', 'pg', '@electric-sql/pglite', 'aws4fetch'],
  },
  {
    path: 'server/services',
    may: [
      'server/recorder/recorderContract',
      'server/store',
      'server/env',
      'server/limits',
      'server/modules',
      'server/alerts',
      'server/metrics',
      'lib/core',
      'lib/quality',
      'lib/avatarFile',
      'lib/recording',
    ],
    packages: [NODE, 'jose', 'zod'],
  },
  {
    path: 'server/api',
    may: ['server/http', 'server/http/request', 'server/runtime', 'server/services', 'lib/core'],
    packages: [NODE, '@trpc/server', 'zod'],
  },
  // What reads a request knows of no service, so that the hub may use it.
  { path: 'server/http/request', may: [], packages: [NODE] },
  {
    path: 'server/http',
    may: ['server/http/request', 'server/env', 'server/limits', 'server/runtime', 'server/services', 'lib/core'],
    packages: [NODE, '@trpc/server'],
  },
  { path: 'server/files/cachedFile', may: ['lib/core'], packages: [NODE, 'negotiator'] },
  {
    path: 'server/files',
    may: [
      'server/files/cachedFile',
      'server/http',
      'server/http/request',
      'server/services',
      'server/limits',
      'lib/core',
      'lib/avatarFile',
    ],
    packages: [NODE, 'sharp'],
  },
  { path: 'server/limits', may: ['lib/core'], packages: [NODE] },
  {
    path: 'server/alerts',
    may: [
      'server/env',
      'server/metrics',
      'server/outbox',
      'server/recorder/recorderContract',
      'server/store',
      'lib/core',
    ],
    packages: [NODE],
  },
  { path: 'server/outbox', may: ['server/store', 'lib/core'], packages: [NODE] },
  {
    path: 'server/metrics',
    may: ['server/env', 'server/http', 'server/hub', 'server/recorder/recorderContract', 'server/store', 'lib/core'],
    packages: [NODE, 'prom-client'],
  },
  { path: 'server/serverLog', may: ['lib/core'], packages: [] },
  // Starts the server's threads and processes, compiled or from sources.
  { path: 'server/modules', may: [], packages: [NODE] },
  {
    path: 'server/hub',
    may: ['server/files/cachedFile', 'server/http/request', 'server/limits', 'lib/core', 'lib/webrtc'],
    packages: [NODE, 'ws', 'ltx', 'werift'],
  },
  // What services and recorders say to each other, in whatever process.
  { path: 'server/recorder/recorderContract', may: ['lib/core'], packages: [] },
  {
    path: 'server/recorder',
    may: [
      'server/recorder/recorderContract',
      'server/hub',
      'server/modules',
      'server/store',
      'lib/core',
      'lib/codec',
      'lib/recording',
      'lib/transport',
    ],
    packages: [NODE],
  },
  {
    path: 'server/recorder/spectators',
    may: [
      'server/recorder',
      'server/recorder/recorderContract',
      'server/hub',
      'server/store',
      'server/modules',
      'server/serverLog',
      'lib/core',
      'lib/meeting',
      'lib/transport',
      'lib/transport/headless',
    ],
    packages: [NODE],
  },
  // The hub in a process of its own, and the other end of it.
  {
    path: 'server/hubProcess',
    may: [
      'server/hub',
      'server/http',
      'server/limits',
      'server/modules',
      'server/serverLog',
      'server/recorder',
      'server/recorder/recorderContract',
      'server/store',
      'lib/core',
    ],
    packages: [NODE],
  },
  { path: 'server/main', may: ['server/*', 'lib/core'], packages: [NODE, 'next'] },
  { path: 'server/compress', may: ['server/files', 'lib/core'], packages: [] },
  { path: 'server/dev', may: ['server/main'], packages: [] },
  { path: 'tools', may: ['tools/*', 'lib/*', 'scene/*', 'server/*', 'tests/e2e', 'tests/fuzz'], packages: ['*'] },
];
