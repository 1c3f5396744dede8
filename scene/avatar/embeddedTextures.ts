import { LinearFilter, LinearMipmapLinearFilter, RepeatWrapping, SRGBColorSpace, Texture } from 'three';
import type { GLTFLoaderPlugin, GLTFParser } from 'three/addons/loaders/GLTFLoader.js';

/** Turns the bytes of an image file into something WebGL takes. */
export type DecodeImage = (bytes: ArrayBuffer, mimeType: string) => Promise<TexImageSource>;

/** Decodes in the browser, off the main thread where it can. */
export const decodeWithImageBitmap: DecodeImage = (bytes, mimeType) =>
  createImageBitmap(new Blob([bytes], { type: mimeType }), {
    premultiplyAlpha: 'none',
    colorSpaceConversion: 'none',
  });

interface ImageDefinition {
  readonly bufferView?: number;
  readonly mimeType?: string;
  readonly name?: string;
}

/**
 * glTF plugin that decodes embedded images straight from their bytes. GLTFLoader's own way fetches a `blob:` address,
 * which the page's security policy forbids.
 */
export class EmbeddedTextures implements GLTFLoaderPlugin {
  readonly name = 'PARLEY_embedded_textures';

  constructor(
    private readonly parser: GLTFParser,
    private readonly decode: DecodeImage,
  ) {}

  loadTexture(textureIndex: number): Promise<Texture> | null {
    const source: number = this.parser.json.textures[textureIndex].source;
    const image: ImageDefinition | undefined = this.parser.json.images[source];
    if (image?.bufferView === undefined) return null;
    return this.textureFrom(image.bufferView, image.mimeType ?? 'image/png', image.name ?? '');
  }

  private async textureFrom(bufferView: number, mimeType: string, name: string): Promise<Texture> {
    const bytes: ArrayBuffer = await this.parser.getDependency('bufferView', bufferView);
    const texture = new Texture(await this.decode(bytes, mimeType));
    texture.name = name;
    texture.flipY = false;
    texture.colorSpace = SRGBColorSpace;
    texture.wrapS = RepeatWrapping;
    texture.wrapT = RepeatWrapping;
    texture.magFilter = LinearFilter;
    texture.minFilter = LinearMipmapLinearFilter;
    texture.needsUpdate = true;
    return texture;
  }
}
