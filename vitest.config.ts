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

/** Tests of what runs in a page, in jsdom. */
const DOM = ['tests/**/*.test.tsx', 'tests/**/*.dom.test.ts'];
/** Tests that need a process of their own: V8 flags hold for a whole process, and databases take 500 MB of memory. */
const ALONE = ['tests/**/*Allocations.test.ts', 'tests/server/store/{pgliteStore,diskFull,dataFolder}.test.ts'];

/** The order of projects that run side by side. */
const ORDER = ['unit-alone', 'unit-dom', 'unit'];

/**
 * Begins with the longest files; the order of the others is Vitest's. Files that share processes stay together: a process
 * ends where a file follows that cannot share it.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const lengthOf = ({ moduleId }: TestSpecification) => {
      const place = LONG.findIndex((name) => moduleId.endsWith(`/${name}`));
      return place < 0 ? LONG.length : place;
    };
    const groupOf = ({ project }: TestSpecification) => ORDER.indexOf(project.name);
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => groupOf(a) - groupOf(b) || lengthOf(a) - lengthOf(b));
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
          include: ['tests/**/*.test.ts'],
          exclude: [...DOM, ...ALONE],
          // Files share processes: a process for each would cost more than most of the tests in it.
          isolate: false,
          setupFiles: ['tests/support/setup.ts'],
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'unit-dom',
          include: DOM,
          environment: 'jsdom',
          isolate: false,
          setupFiles: ['tests/support/setup.ts', 'tests/support/app/setup.ts'],
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        resolve: { alias },
        test: { name: 'unit-alone', include: ALONE, testTimeout: 20_000 },
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
