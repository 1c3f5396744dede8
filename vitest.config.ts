import { availableParallelism } from 'node:os';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const alias = { '@': new URL('.', import.meta.url).pathname.replace(/\/$/, '') };

/** Much of what the tests do is waiting: five files at a time keep two cores busy. */
const maxWorkers = Math.min(Math.floor(availableParallelism() * 2.5), 8);

/** Pages wait too, but each file has many: three at a time keep two cores busy. */
const BROWSER_WORKERS = 3;

/** Only ends unit tests that hang: on a busy machine they take long. */
const HANGS_AFTER_MS = 60_000;

/** Files that take longest: begun late, they would run on alone at the end of their group. */
const LONG = [
  'checkCommand.test.ts',
  'heldBackStreams.test.ts',
  'headlessTransport.test.ts',
  'diskFull.test.ts',
  'pgliteStore.test.ts',
  'dataFolder.test.ts',
  'endToEnd.test.ts',
  'buildAvatar.test.ts',
  'prosody.test.ts',
  'hubProcess.test.ts',
  'postgresStore.test.ts',
  'mediaRouter.test.ts',
  'waitingDrills.e2e.ts',
  'voice.e2e.ts',
  'hub.e2e.ts',
  'hubMedia.e2e.ts',
  'transportContract.e2e.ts',
  'webcam.e2e.ts',
  'deploymentDrills.e2e.ts',
  'prosody.e2e.ts',
  'drawn/avatars.e2e.ts',
  'room.visual.ts',
  'avatars.visual.ts',
  'capture.e2e.ts',
  // After the other drills: each of them starts servers and crowds.
  'drills.e2e.ts',
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

/** Tests in Chromium. */
function browserProject(name: string, test: Partial<TestProjectInlineConfiguration['test']>) {
  return {
    resolve: { alias },
    test: {
      name,
      sequence: { groupOrder: 1 },
      maxWorkers: BROWSER_WORKERS,
      maxConcurrency: 6,
      // Files share processes here too: to load Playwright, the hub and the drills takes a second of a core.
      isolate: false,
      // Only end what hangs: browsers on a busy machine take long.
      testTimeout: 240_000,
      hookTimeout: 240_000,
      expect: { poll: { timeout: 60_000, interval: 100 } },
      ...test,
    },
  };
}

/** One run of both groups in turn: unit and component tests, then browsers. */
export default defineConfig({
  resolve: { alias },
  test: {
    maxWorkers,
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
          testTimeout: HANGS_AFTER_MS,
          hookTimeout: HANGS_AFTER_MS,
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
          testTimeout: HANGS_AFTER_MS,
          hookTimeout: HANGS_AFTER_MS,
        },
      },
      {
        resolve: { alias },
        test: { name: 'unit-alone', include: ALONE, testTimeout: HANGS_AFTER_MS, hookTimeout: HANGS_AFTER_MS },
      },
      browserProject('e2e', {
        include: ['tests/e2e/**/*.e2e.ts'],
        globalSetup: ['tests/e2e/support/globalSetup.ts'],
      }),
      browserProject('visual', {
        include: ['tests/visual/**/*.visual.ts'],
        // Vitest's own flag for snapshots, for pictures.
        provide: { updateGoldens: process.argv.some((flag) => flag === '--update' || flag === '-u') },
      }),
    ],
  },
});
