import { InstancedMesh, Material, Mesh, type MeshLambertMaterialParameters, type Object3D, Texture } from 'three';

/** Creates the matte material of furniture. */
export type CreateMaterial = (parameters: MeshLambertMaterialParameters) => Material;

function disposeMaterial(material: Material): void {
  for (const value of Object.values(material)) if (value instanceof Texture) value.dispose();
  material.dispose();
}

/** Frees the geometries, materials and textures of everything below `root`, which must not be shared. */
export function disposeTree(root: Object3D): void {
  root.traverse((node) => {
    if (!(node instanceof Mesh)) return;
    node.geometry.dispose();
    for (const material of [node.material].flat()) if (material instanceof Material) disposeMaterial(material);
    if (node instanceof InstancedMesh) node.dispose();
  });
}
