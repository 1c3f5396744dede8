import { act, createRoot } from '@react-three/fiber';
import { type Color, type Fog, InstancedMesh, Mesh, PerspectiveCamera, Vector3, type WebGLRenderer } from 'three';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Actor } from '@/scene/frame/actor';
import { Room, type RoomProps } from '@/scene/react/room/Room';
import { type RoomFrame, RoomParts, RoomPartsContext } from '@/scene/react/room/roomParts';
import { GALLERY_SEATS } from '@/scene/room/gallery/gallery';
import { MOODS } from '@/scene/room/light/moods';
import { createArrangement } from '@/scene/room/plan/arrangement';

const TABLE = createArrangement('table', 16);
const ARC = createArrangement('arc', 16);

/** A renderer that draws nothing. */
function fakeRenderer(domElement: HTMLCanvasElement): WebGLRenderer {
  return {
    domElement,
    render: () => {},
    setPixelRatio: () => {},
    setSize: () => {},
    dispose: () => {},
    shadowMap: {},
    capabilities: { getMaxAnisotropy: () => 1 },
    xr: { addEventListener: () => {}, removeEventListener: () => {}, setAnimationLoop: () => {} },
  } as unknown as WebGLRenderer;
}

/** A standing speaker of seat 0, as far as the room looks at people. */
const speaker = {
  id: 'ana',
  visible: true,
  standing: 1,
  position: new Vector3(1, 0, 1),
  speaking: { isOn: true, shown: 1, level: 1 },
} as unknown as Actor;

async function openRoom(first: Partial<RoomProps> = {}) {
  const canvas = document.createElement('canvas');
  const root = createRoot(canvas);
  await root.configure({
    gl: fakeRenderer(canvas),
    size: { width: 1, height: 1, top: 0, left: 0 },
    frameloop: 'never',
    dpr: 1,
  });
  const parts = new RoomParts();
  const frame: RoomFrame = {
    nowMs: 0,
    deltaMs: 50,
    isStill: true,
    picture: { pixelRatio: 1, shadows: true, lodCoarseness: 1, audienceMost: GALLERY_SEATS, frameMinMs: 0 },
    camera: new PerspectiveCamera(),
    actors: [],
    caption: { name: '', place: new Vector3(), opacity: 0 },
    seatOf: () => 0,
  };
  const show = async (props: Partial<RoomProps> = {}) => {
    const store = await act(async () =>
      root.render(
        <RoomPartsContext value={parts}>
          <Room arrangement={TABLE} people={16} mood="day" spectators={0} screen={null} isRecorded={false} {...props} />
        </RoomPartsContext>,
      ),
    );
    return store.getState().scene;
  };
  const scene = await show(first);
  const close = () => act(async () => root.unmount());
  const draw = (actors: readonly Actor[] = []) => parts.update({ ...frame, actors });
  return { scene, show, draw, close };
}

function meshesOf(scene: Awaited<ReturnType<typeof openRoom>>['scene']): Mesh[] {
  const meshes: Mesh[] = [];
  scene.traverse((node) => {
    if (node instanceof Mesh) meshes.push(node);
  });
  return meshes;
}

describe('the room', () => {
  beforeEach(() => {
    // Without WebGL the room takes the materials of machines that draw on the CPU.
    vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null);
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  it.each([TABLE, ARC])(
    'the room stays below 60,000 triangles and 20 draws with everything in it ($name)',
    async (arrangement) => {
      const { scene, draw, close } = await openRoom({ arrangement, spectators: GALLERY_SEATS });
      draw([speaker]);
      let triangles = 0;
      for (const { geometry, ...node } of meshesOf(scene)) {
        const { index, attributes } = geometry;
        triangles += ((index?.count ?? attributes.position!.count) / 3) * ('count' in node ? Number(node.count) : 1);
      }
      expect(triangles).toBeLessThan(60_000);
      expect(triangles).toBeGreaterThan(10_000);
      expect(meshesOf(scene).length).toBeLessThanOrEqual(20);
      await close();
    },
  );

  it('another arrangement replaces and frees the furniture and keeps the walls', async () => {
    const { scene, show, close } = await openRoom();
    const before = meshesOf(scene);
    const freed = new Set<Mesh>();
    for (const mesh of before) mesh.geometry.addEventListener('dispose', () => freed.add(mesh));
    await show({ arrangement: ARC });
    const after = meshesOf(scene);
    expect(after).toHaveLength(before.length);
    const gone = before.filter((mesh) => !after.includes(mesh));
    expect(gone.length).toBeGreaterThan(5);
    expect(before.length - gone.length).toBeGreaterThan(5);
    expect(freed).toEqual(new Set(gone));
    await close();
  });

  it('another mood keeps all objects and changes background and fog', async () => {
    const { scene, show, close } = await openRoom();
    const before = meshesOf(scene);
    const { fog } = scene;
    await show({ mood: 'dark' });
    expect(meshesOf(scene)).toEqual(before);
    expect(scene.fog).toBe(fog);
    expect((scene.fog as Fog).color.getHex()).toBe(MOODS.dark.fog.getHex());
    expect((scene.fog as Fog).far).toBe(MOODS.dark.fogFar);
    expect((scene.background as Color).getHex()).toBe(MOODS.dark.fog.getHex());
    await close();
  });

  it('the table is lit in front of a speaker only while they speak', async () => {
    const { scene, draw, close } = await openRoom();
    const visible = () => meshesOf(scene).filter((mesh) => mesh instanceof InstancedMesh && mesh.visible).length;
    draw();
    const silent = visible();
    draw([speaker]);
    expect(visible()).toBe(silent + 1);
    draw();
    expect(visible()).toBe(silent);
    await close();
  });

  it('an unmounted room leaves nothing in the scene, frees everything and moves nothing', async () => {
    const { scene, draw, close } = await openRoom();
    const freed = new Set<Mesh>();
    const meshes = meshesOf(scene);
    for (const mesh of meshes) mesh.geometry.addEventListener('dispose', () => freed.add(mesh));
    await close();
    expect(meshesOf(scene)).toEqual([]);
    expect(freed).toEqual(new Set(meshes));
    expect(() => draw([speaker])).not.toThrow();
  });
});
