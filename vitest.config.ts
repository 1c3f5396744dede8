import { availableParallelism } from 'node:os';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const alias = { '@': new URL('.', import.meta.url).pathname.replace(/\/$/, '') };

/** Files that take longest: begun late, they would run on alone at the end of their group. */
const LONG = [
  'heldBackStreams.test.ts',
  'headlessTransport.test.ts',
  'diskFull.test.ts',
  'pgliteStore.test.ts',
  'endToEnd.test.ts',
  'buildAvatar.test.ts',
  'hubProcess.test.ts',
  'postgresStore.test.ts',
  'mediaRouter.test.ts',
  'drills.e2e.ts',
  'databaseDrills.e2e.ts',
  'waitingDrills.e2e.ts',
  'deploymentDrills.e2e.ts',
  'hubMedia.e2e.ts',
  'hub.e2e.ts',
  'blockedMedia.e2e.ts',
  'voice.e2e.ts',
  'transportContract.e2e.ts',
  'webcam.e2e.ts',
  'drawn/avatars.e2e.ts',
  'capture.e2e.ts',
  'avatars.visual.ts',
  'room.visual.ts',
];

/** Begins with the longest files; the order of the others is Vitest's. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification) => LONG.findIndex((name) => moduleId.endsWith(`/${name}`));
    const long = files.filter((file) => placeOf(file) >= 0).sort((a, b) => placeOf(a) - placeOf(b));
    return [...long, ...(await super.sort(files.filter((file) => placeOf(file) < 0)))];
  }
}

/**
 * Tests in Chromium, which share a server and browsers. Pages that show no scene wait for much of the time, so three files
 * at a time keep two cores busy; those that look at the scene, which is drawn on the CPU, run one after the other.
 */
function browserProject(name: string, test: Partial<TestProjectInlineConfiguration['test']>) {
  return {
    resolve: { alias },
    test: {
      name,
      globalSetup: ['tests/e2e/support/globalSetup.ts'],
      testTimeout: 120_000,
      hookTimeout: 120_000,
      // What is polled for here is done by browsers.
      expect: { poll: { timeout: 15_000, interval: 100 } },
      ...test,
    },
  };
}

/** One run of all groups in turn: unit and component tests, browsers that do not draw, those that do, pictures. */
export default defineConfig({
  resolve: { alias },
  test: {
    // Much of what the tests do is waiting: three files at a time keep two cores busy.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
          exclude: ['tests/e2e/**', 'tests/visual/**', 'node_modules/**'],
          testTimeout: 20_000,
        },
      },
      browserProject('e2e', {
        include: ['tests/e2e/**/*.e2e.ts'],
        exclude: ['tests/e2e/drawn/**'],
        sequence: { groupOrder: 1 },
        maxWorkers: 3,
      }),
      browserProject('drawn', {
        include: ['tests/e2e/drawn/**/*.e2e.ts'],
        sequence: { groupOrder: 2 },
        fileParallelism: false,
      }),
      {
        resolve: { alias },
        test: {
          name: 'visual',
          include: ['tests/visual/**/*.visual.ts'],
          sequence: { groupOrder: 3 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          // Vitest's own flag for snapshots, for pictures.
          provide: { updateGoldens: process.argv.some((flag) => flag === '--update' || flag === '-u') },
        },
      },
    ],
  },
});
