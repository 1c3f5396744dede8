import { AvatarFileError } from '../avatarFileError';
import type { Node } from './gltf';
import { indexAt, indexOrNone, type JsonObject, listAt, numbersAt, readEach, textOr } from './json';
import { composeMatrix } from './matrix';

const ORIGIN = [0, 0, 0];
const UNTURNED = [0, 0, 0, 1];
const UNSCALED = [1, 1, 1];
const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

function matrixOf(node: JsonObject, where: string): Float64Array {
  if (node.matrix !== undefined) return Float64Array.from(numbersAt(node.matrix, `${where}.matrix`, IDENTITY));
  return composeMatrix(
    numbersAt(node.translation, `${where}.translation`, ORIGIN),
    numbersAt(node.rotation, `${where}.rotation`, UNTURNED),
    numbersAt(node.scale, `${where}.scale`, UNSCALED),
  );
}

/** Reads all nodes. @throws AvatarFileError, `json` where a node has two parents */
export function readNodes(json: JsonObject, meshes: number, skins: number): Node[] {
  const count = listAt(json.nodes, 'nodes').length;
  const nodes = readEach(json.nodes, 'nodes', (node, where) => ({
    name: textOr(node.name),
    parent: -1,
    children: listAt(node.children, `${where}.children`).map((child) => indexAt(child, `${where}.children`, count)),
    matrix: matrixOf(node, where),
    mesh: indexOrNone(node.mesh, `${where}.mesh`, meshes),
    skin: indexOrNone(node.skin, `${where}.skin`, skins),
  }));
  nodes.forEach(({ children }, index) => {
    for (const child of children) {
      if (nodes[child]!.parent >= 0 || child === index) throw AvatarFileError.json(`nodes[${child}]`);
      nodes[child]!.parent = index;
    }
  });
  return nodes;
}

/** The nodes under the roots, parents first; nodes that hang from each other in a circle have no root. */
export function orderOf(nodes: readonly Node[]): number[] {
  const order = nodes.flatMap(({ parent }, index) => (parent < 0 ? [index] : []));
  for (let i = 0; i < order.length; i += 1) order.push(...nodes[order[i]!]!.children);
  return order;
}
