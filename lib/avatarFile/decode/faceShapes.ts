import { ARKIT_BLENDSHAPES, ARKIT_INDEX, type ArkitBlendshape } from '@/lib/pose/arkit';
import { VRM_EXPRESSIONS } from '@/lib/pose/vrmExpressions';
import type { Gltf } from '../gltf/gltf';
import { type JsonObject, listAt, numberOr, objectAt, textOr } from '../gltf/json';

/** A share of one of a mesh's own morph targets. */
interface ShapeShare {
  readonly target: number;
  readonly weight: number;
}

/** The shares of a mesh's own morph targets that make up each ARKit blendshape, by its index. */
export type FaceShapes = ReadonlyMap<number, readonly ShapeShare[]>;

/** A named expression of a file: the morph targets that it moves, by mesh. */
interface Expression {
  readonly name: string;
  readonly binds: ReadonlyMap<number, readonly ShapeShare[]>;
}

/** By names in lower case, as files are compared. */
const PRESETS = Object.fromEntries(
  Object.entries(VRM_EXPRESSIONS).map(([name, mix]) => [name.toLowerCase(), mix] as const),
);

/** VRM 0.x names the same expressions differently. */
const VRM0_NAMES: ReadonlyMap<string, string> = new Map([
  ['a', 'aa'],
  ['i', 'ih'],
  ['u', 'ou'],
  ['e', 'ee'],
  ['o', 'oh'],
  ['blink_l', 'blinkleft'],
  ['blink_r', 'blinkright'],
  ['joy', 'happy'],
  ['sorrow', 'sad'],
]);

const BINDS_MAX = 512;
/** Of those that a face can play. */
const EXPRESSIONS_MAX = 256;
/** Most shares that make up one blendshape. */
const SHARES_MAX = 32;

function byMesh(binds: readonly (ShapeShare & { readonly mesh: number })[]): Expression['binds'] {
  const lists = new Map<number, ShapeShare[]>();
  for (const { mesh, target, weight } of binds) {
    const list = lists.get(mesh) ?? [];
    list.push({ target, weight });
    lists.set(mesh, list);
  }
  return lists;
}

function vrm0Expressions(vrm: JsonObject): Expression[] {
  const groups = listAt(objectAt(vrm.blendShapeMaster, 'VRM.blendShapeMaster').blendShapeGroups, 'blendShapeGroups');
  return groups.map((entry) => {
    const group = objectAt(entry, 'blendShapeGroups');
    const preset = textOr(group.presetName).toLowerCase();
    const name = (preset && preset !== 'unknown' ? preset : textOr(group.name)).toLowerCase();
    const binds = listAt(group.binds, 'blendShapeGroups.binds', BINDS_MAX).map((bind) => {
      const { mesh, index, weight } = objectAt(bind, 'blendShapeGroups.binds');
      return { mesh: numberOr(mesh, -1), target: numberOr(index, -1), weight: numberOr(weight, 0) / 100 };
    });
    return { name: VRM0_NAMES.get(name) ?? name, binds: byMesh(binds) };
  });
}

function vrm1Expressions({ nodes }: Gltf, vrm: JsonObject): Expression[] {
  const { preset, custom } = objectAt(vrm.expressions, 'VRMC_vrm.expressions');
  const named = [...Object.entries(objectAt(preset, 'preset')), ...Object.entries(objectAt(custom, 'custom'))];
  return named.map(([name, entry]) => {
    const expression = objectAt(entry, 'VRMC_vrm.expressions');
    const binds = listAt(expression.morphTargetBinds, 'morphTargetBinds', BINDS_MAX).map((bind) => {
      const { node, index, weight } = objectAt(bind, 'morphTargetBinds');
      return { mesh: nodes[numberOr(node, -1)]?.mesh ?? -1, target: numberOr(index, -1), weight: numberOr(weight, 0) };
    });
    return { name: name.toLowerCase(), binds: byMesh(binds) };
  });
}

/** Index of each ARKit blendshape by its name in lower case. */
const SHAPE_OF_NAME = new Map(ARKIT_BLENDSHAPES.map((name, index) => [name.toLowerCase(), index]));

/** The mesh's own morph targets with ARKit names. */
function namedShapes(gltf: Gltf, mesh: number): Map<number, readonly ShapeShare[]> {
  const shapes = new Map<number, readonly ShapeShare[]>();
  gltf.meshes[mesh]!.targetNames.forEach((name, target) => {
    const shape = SHAPE_OF_NAME.get(name.toLowerCase().replaceAll('_', ''));
    if (shape !== undefined) shapes.set(shape, [{ target, weight: 1 }]);
  });
  return shapes;
}

/** The expressions that a face can play. @throws AvatarFileError `json` */
function expressionsOf(gltf: Gltf): Expression[] {
  const { VRM, VRMC_vrm } = gltf.extensions;
  const vrm0 = () => (VRM === undefined ? [] : vrm0Expressions(objectAt(VRM, 'VRM')));
  const all = VRMC_vrm === undefined ? vrm0() : vrm1Expressions(gltf, objectAt(VRMC_vrm, 'VRMC_vrm'));
  const isPlayed = ({ name }: Expression) => SHAPE_OF_NAME.has(name) || Object.hasOwn(PRESETS, name);
  return all.filter(isPlayed).slice(0, EXPRESSIONS_MAX);
}

function scaled({ binds }: Expression, mesh: number, share: number): ShapeShare[] {
  return (binds.get(mesh) ?? []).map(({ target, weight }) => ({ target, weight: weight * share }));
}

/** The presets among `expressions`, without `blink` if each eye has its own. */
function usedPresets(expressions: readonly Expression[]): Expression[] {
  const hasOwnEyes = expressions.some(({ name, binds }) => name === 'blinkleft' && binds.size > 0);
  return expressions.filter(({ name }) => Object.hasOwn(PRESETS, name) && !(name === 'blink' && hasOwnEyes));
}

/** The faces of a file's meshes; what all of them share is read once. The constructor throws AvatarFileError `json`. */
export class FileFaces {
  /** The ARKit blendshapes that any mesh has by name. */
  readonly named: ReadonlySet<number>;
  private readonly expressions: readonly Expression[];
  private readonly presets: readonly Expression[];
  private readonly known = new Map<number, FaceShapes>();

  constructor(private readonly gltf: Gltf) {
    this.named = new Set(gltf.meshes.flatMap((_, mesh) => [...namedShapes(gltf, mesh).keys()]));
    this.expressions = expressionsOf(gltf);
    this.presets = usedPresets(this.expressions);
  }

  /**
   * What each ARKit blendshape moves in a mesh: the morph targets of the same name, else expressions of that name, else
   * VRM's preset expressions in the shares of {@link PRESETS}.
   */
  of(mesh: number): FaceShapes {
    const shapes = this.known.get(mesh) ?? this.read(mesh);
    this.known.set(mesh, shapes);
    return shapes;
  }

  private read(mesh: number): FaceShapes {
    const shapes = namedShapes(this.gltf, mesh);
    for (const expression of this.expressions) {
      const shape = SHAPE_OF_NAME.get(expression.name);
      if (shape !== undefined && !shapes.has(shape)) shapes.set(shape, scaled(expression, mesh, 1));
    }
    const taken = new Set([...this.named, ...shapes.keys()]);
    for (const expression of this.presets) {
      for (const [name, share] of Object.entries(PRESETS[expression.name]!)) {
        const shape = ARKIT_INDEX[name as ArkitBlendshape];
        if (!taken.has(shape)) shapes.set(shape, [...(shapes.get(shape) ?? []), ...scaled(expression, mesh, share)]);
      }
    }
    const used = [...shapes].filter(([, shares]) => shares.length > 0);
    return new Map(used.map(([shape, shares]) => [shape, shares.slice(0, SHARES_MAX)]));
  }
}
