import type { Group } from 'three';
import type { CreateAvatarMaterial } from './avatarMaterials';
import type { AvatarModel } from './avatarModel';
import { LevelMeshes, type MeshMaterials } from './levelMeshes';
import { isPalette, PaletteRows } from './paletteRows';
import { createRigDepthMaterial, createRigMaterial, type RigUniforms } from './rigMaterial';
import { HIDDEN, RigRows } from './rigRows';
import { RowTexture } from './rowTexture';
import type { RowWriter } from './rowWriter';

/** Everybody who wears one model, drawn together: one draw a mesh and level. */
export class AvatarBatch {
  readonly rows: RigRows;
  private readonly texture: RowTexture;
  /** Null where the model has pictures, not a palette. */
  private readonly palettes: PaletteRows | null;
  private readonly uniforms: RigUniforms;
  private readonly materials: readonly MeshMaterials[];
  private levels: readonly LevelMeshes[] = [];
  private areListsStale = false;

  constructor(
    readonly model: AvatarModel,
    create: CreateAvatarMaterial,
    private readonly parent: Group,
  ) {
    this.rows = new RigRows(
      model.rig,
      model.meshes.some(({ morphs }) => morphs !== null),
    );
    this.texture = new RowTexture(this.rows);
    this.palettes = model.meshes.some(({ surface }) => isPalette(surface.map)) ? new PaletteRows() : null;
    this.uniforms = {
      rigRows: { value: this.texture.texture },
      rigPalettes: { value: this.palettes?.texture ?? null },
      rigMorphTexel: { value: this.rows.layout.morphTexel },
    };
    this.materials = model.meshes.map(({ surface, morphs }) => ({
      lit: createRigMaterial(create, surface, this.uniforms, morphs),
      depth: createRigDepthMaterial(this.uniforms, morphs),
    }));
  }

  setLevel(row: number, level: number): void {
    if (this.rows.setLevel(row, level)) this.areListsStale = true;
  }

  /** Colours of one person, see {@link PaletteRows.set}; a model without a palette keeps its own. */
  setPalette(row: number, palette: Uint8Array | null): void {
    if (!this.palettes) return;
    this.palettes.reserve(this.rows.capacity);
    this.palettes.set(row, palette);
  }

  /** The colours of one person as their texels; null for a model without a palette. */
  palette(row: number): Uint8Array | null {
    this.palettes?.reserve(this.rows.capacity);
    return this.palettes?.read(row) ?? null;
  }

  remove(row: number): void {
    this.setLevel(row, HIDDEN);
    this.setPalette(row, null);
    this.rows.remove(row);
  }

  /** Solves who has moved. */
  solve(): void {
    this.rows.solve();
  }

  /** Swings who shall. */
  swing(deltaMs: number): void {
    this.rows.swing(deltaMs);
  }

  /** Uploads what has changed: who is drawn at which level, and their rows. */
  upload(writer: RowWriter): void {
    if (this.texture.update(writer)) this.rebuild();
    this.uploadPalettes();
    if (this.areListsStale) this.fillLists();
  }

  dispose(): void {
    for (const level of this.levels) level.dispose();
    for (const { lit, depth } of this.materials) {
      lit.dispose();
      depth.dispose();
    }
    this.texture.dispose();
    this.palettes?.dispose();
  }

  /** The rows have grown, and the lists of them with it. */
  private rebuild(): void {
    this.uniforms.rigRows.value = this.texture.texture;
    for (const level of this.levels) level.dispose();
    const { meshes } = this.model;
    const count = Math.max(...meshes.map(({ geometries }) => geometries.length));
    this.levels = Array.from(
      { length: count },
      (_, level) => new LevelMeshes(this.model, level, this.materials, this.rows.capacity),
    );
    for (const level of this.levels) level.addTo(this.parent);
    this.areListsStale = true;
  }

  private uploadPalettes(): void {
    if (!this.palettes) return;
    this.palettes.reserve(this.rows.capacity);
    this.palettes.update();
    this.uniforms.rigPalettes.value = this.palettes.texture;
  }

  private fillLists(): void {
    const { levels, rows } = this;
    for (let i = 0; i < levels.length; i += 1) levels[i]!.clear();
    for (let row = 0; row < rows.levels.length; row += 1) {
      const level = rows.levels[row]!;
      if (level !== HIDDEN) levels[Math.min(level, levels.length - 1)]!.push(row);
    }
    for (let i = 0; i < levels.length; i += 1) levels[i]!.finish();
    this.areListsStale = false;
  }
}
