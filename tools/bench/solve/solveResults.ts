import { type BenchResult, round } from '../benchResult';
import type { BoneErrors, Sample, Scored, SolverErrors } from './measureErrors';
import type { Flips } from './measureFaults';
import type { Jitter } from './measureSmoothing';
import type { SolverTimes } from './measureTime';

const BONES = [
  'hips',
  'chest',
  'upper_arm',
  'lower_arm',
  'upper_leg',
  'lower_leg',
] as const satisfies readonly Scored[];

const LIMB_CLEAN = { mean: 1, p95: 3 } as const;
const ARM_NOISY = { mean: 9, p95: 20 } as const;

interface Target {
  readonly mean: number;
  readonly p95: number;
}

const TARGETS: Readonly<Record<'clean' | 'noisy', Partial<Record<Scored, Target>>>> = {
  clean: {
    chest: { mean: 5, p95: 10 },
    upper_arm: LIMB_CLEAN,
    lower_arm: LIMB_CLEAN,
    upper_leg: LIMB_CLEAN,
    lower_leg: LIMB_CLEAN,
  },
  noisy: { upper_arm: ARM_NOISY, lower_arm: ARM_NOISY },
};
const WRIST_MM = 25;
const UPPER_ARM_LOCAL_DEG = 25;
const STATIC_DEG = 0.4;
const STATIC_HANDS_DEG = 0.6;
const LAG_MS = 33;
const RATIO = 3;

interface PeerFigure {
  readonly name: string;
  readonly value: number;
}

function result(
  name: string,
  value: number,
  unit: string,
  digits: number,
  target: number | null,
  peers: readonly PeerFigure[] = [],
  better: BenchResult['better'] = 'lower',
): BenchResult {
  const peer = peers.map((one) => ({ name: one.name, value: round(one.value, digits) }));
  return { name, value: round(value, digits), unit, target, better, peer };
}

function peersOf({ kalidokit, filtered }: SolverErrors, pick: (errors: BoneErrors) => number): PeerFigure[] {
  return [
    { name: 'Kalidokit', value: pick(kalidokit) },
    { name: 'Kalidokit behind One Euro', value: pick(filtered) },
  ];
}

function meanAndP95(
  name: string,
  suffix: string,
  errors: SolverErrors,
  sampleOf: (errors: BoneErrors) => Sample,
  target: Target | null,
): BenchResult[] {
  return (['mean', 'p95'] as const).map((kind) =>
    result(
      `${name}.${kind}_${suffix}`,
      sampleOf(errors.ours)[kind],
      'deg',
      2,
      target?.[kind] ?? null,
      peersOf(errors, (of) => sampleOf(of)[kind]),
    ),
  );
}

/** Errors of bone directions, and of local rotations with their twist. */
export function errorResults(noise: 'clean' | 'noisy', errors: SolverErrors): BenchResult[] {
  return BONES.flatMap((bone) => [
    ...meanAndP95(
      `solve.${noise}.${bone}`,
      'deg',
      errors,
      ({ direction }) => direction[bone],
      TARGETS[noise][bone] ?? null,
    ),
    result(
      `solve.${noise}.${bone}.local_mean_deg`,
      errors.ours.local[bone].mean,
      'deg',
      2,
      noise === 'clean' && bone === 'upper_arm' ? UPPER_ARM_LOCAL_DEG : null,
      peersOf(errors, ({ local }) => local[bone].mean),
    ),
  ]);
}

/** Mean error of upper and lower arms together. */
function armDeg({ direction }: BoneErrors): number {
  return (direction.upper_arm.mean + direction.lower_arm.mean) / 2;
}

/** Arm error of the better of the two peers, divided by ours. */
export function ratioResult({ ours, kalidokit, filtered }: SolverErrors): BenchResult {
  const ratio = Math.min(armDeg(kalidokit), armDeg(filtered)) / armDeg(ours);
  return result('solve.noisy.arm.ratio_to_kalidokit', ratio, 'times', 2, RATIO, [], 'higher');
}

/** Position error of the wrists on the canonical body. */
export function wristResults(clean: SolverErrors, noisy: SolverErrors): BenchResult[] {
  const mean = ({ wristMm }: BoneErrors) => wristMm.mean;
  return [
    result('solve.wrist_mm', mean(clean.ours), 'mm', 1, WRIST_MM, peersOf(clean, mean)),
    result('solve.noisy.wrist_mm', mean(noisy.ours), 'mm', 1, null, peersOf(noisy, mean)),
  ];
}

/** Jitter of a person who keeps still; the peers do not smooth, or do so with One Euro. */
export function staticResults(ours: Jitter, kalidokit: Jitter, filtered: Jitter): BenchResult[] {
  const peers = (pick: (jitter: Jitter) => number) => [
    { name: 'Kalidokit', value: pick(kalidokit) },
    { name: 'Kalidokit behind One Euro', value: pick(filtered) },
  ];
  const body = ({ body: sample }: Jitter) => sample.rms;
  const hands = ({ hands: sample }: Jitter) => sample.rms;
  return [
    result('solve.static.rms_deg', body(ours), 'deg', 3, STATIC_DEG, peers(body)),
    result('solve.static.hands_rms_deg', hands(ours), 'deg', 3, STATIC_HANDS_DEG, peers(hands)),
  ];
}

/** Delay, flips, seated legs and time. */
export function otherResults(lagMs: number, flips: Flips, seatedFrames: number, times: SolverTimes): BenchResult[] {
  return [
    result('solve.lag_ms', lagMs, 'ms', 1, LAG_MS),
    result('solve.flips', flips.ours, 'frames', 0, 0, [
      { name: 'Kalidokit', value: flips.kalidokit },
      { name: 'told by the model', value: flips.told },
      { name: 'of frames', value: flips.frames },
    ]),
    result('solve.seated.leg_frames', seatedFrames, 'frames', 0, 0),
    result('solve.us_per_frame', times.oursUs, 'us', 1, null, [
      { name: 'Kalidokit (body alone)', value: times.kalidokitUs },
    ]),
  ];
}
