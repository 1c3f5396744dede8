/** Unit normals of vertices, each the mean of its triangles' weighted by their areas; for files that bring none. */
export function smoothNormals(positions: Float32Array, triangles: ArrayLike<number>): Float32Array<ArrayBuffer> {
  const normals = new Float32Array(positions.length);
  for (let i = 0; i + 2 < triangles.length; i += 3) addFace(positions, normals, triangles, i);
  for (let i = 0; i < normals.length; i += 3) {
    const length = Math.hypot(normals[i]!, normals[i + 1]!, normals[i + 2]!);
    for (let axis = 0; axis < 3; axis += 1)
      normals[i + axis] = length > 0 ? normals[i + axis]! / length : axis === 1 ? 1 : 0;
  }
  return normals;
}

function addFace(positions: Float32Array, normals: Float32Array, triangles: ArrayLike<number>, i: number): void {
  const [a, b, c] = [triangles[i]! * 3, triangles[i + 1]! * 3, triangles[i + 2]! * 3];
  const along = (axis: number, to: number) => positions[to + axis]! - positions[a + axis]!;
  const [ux, uy, uz] = [along(0, b), along(1, b), along(2, b)];
  const [vx, vy, vz] = [along(0, c), along(1, c), along(2, c)];
  const normal = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
  for (const corner of [a, b, c]) for (let axis = 0; axis < 3; axis += 1) normals[corner + axis]! += normal[axis]!;
}
