import { join } from 'node:path';
import type { OverlayOptions } from 'sharp';
import { nearestAvatarRef } from '@/lib/core/avatarRef';

/** What sites that show links ask for. */
const POSTER_PX = { width: 1200, height: 630 } as const;
/** More would not fit. */
const PORTRAITS_MOST = 6;
const PORTRAIT_PX = 168;
const GAP_PX = 18;
const RING_PX = 6;
/** Where the faces' lower edges are: on the edge of the table. */
const FACES_END_PX = 352;
const JPEG_QUALITY = 86;

const svg = (width: number, height: number, body: string) =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${body}</svg>`);

/** A table in a warm room, and a sign that this can be played. */
const SCENE = svg(
  POSTER_PX.width,
  POSTER_PX.height,
  `<defs><linearGradient id="wall" x1="0" y1="0" x2="0" y2="1">
    <stop offset="0" stop-color="#f7f0e4"/><stop offset="1" stop-color="#f1dcb9"/></linearGradient></defs>
  <rect width="100%" height="100%" fill="url(#wall)"/>
  <ellipse cx="600" cy="610" rx="820" ry="300" fill="#a9743f"/>
  <ellipse cx="600" cy="596" rx="820" ry="300" fill="#c79a66"/>
  <circle cx="600" cy="478" r="62" fill="#ee6a3b"/>
  <path d="M584 448 L632 478 L584 508 Z" fill="#fff8f0"/>`,
);

function disc(diameterPx: number, fill: string): Buffer {
  const radius = diameterPx / 2;
  return svg(diameterPx, diameterPx, `<circle cx="${radius}" cy="${radius}" r="${radius}" fill="${fill}"/>`);
}

/** The keys of default avatars among references; one's own avatar has no picture. */
function pictured(avatars: readonly string[]): string[] {
  const keys = avatars
    .map((avatar) => nearestAvatarRef(avatar))
    .flatMap((ref) => (ref?.kind === 'default' ? [ref.key] : []));
  return keys.slice(0, PORTRAITS_MOST);
}

/**
 * The picture that stands for a recording where its link is shown: a table, and the faces of those who were at it. It has no
 * letters, so that it needs no fonts. JPEG.
 * @param keys Of default avatars, by seat
 * @param modelsFolder Where the portraits are
 */
async function drawPoster(keys: readonly string[], modelsFolder: string): Promise<Buffer> {
  // A library of native code, which nothing else needs.
  const { default: sharp } = await import('sharp');
  const layers: OverlayOptions[] = [];
  const rowPx = keys.length * PORTRAIT_PX + (keys.length - 1) * GAP_PX;
  for (const [k, key] of keys.entries()) {
    const inner = PORTRAIT_PX - 2 * RING_PX;
    const face = await sharp(join(modelsFolder, `${key}.png`))
      .resize(inner, inner)
      .flatten({ background: '#f3e3c8' })
      .composite([{ input: disc(inner, '#fff'), blend: 'dest-in' }])
      .png()
      .toBuffer();
    const left = Math.round((POSTER_PX.width - rowPx) / 2) + k * (PORTRAIT_PX + GAP_PX);
    const top = FACES_END_PX - PORTRAIT_PX;
    layers.push(
      { input: disc(PORTRAIT_PX, '#fff8f0'), left, top },
      { input: face, left: left + RING_PX, top: top + RING_PX },
    );
  }
  return sharp(SCENE).composite(layers).jpeg({ quality: JPEG_QUALITY }).toBuffer();
}

/** Posters that are kept: of a link that is being passed on. */
const KEPT_MOST = 32;

/** Draws each poster once, one at a time. */
export class Posters {
  private readonly kept = new Map<string, Promise<Buffer>>();
  private last: Promise<unknown> = Promise.resolve();

  /** @param avatars References as `parseAvatarRef` reads them, by seat */
  draw(avatars: readonly string[], modelsFolder: string): Promise<Buffer> {
    const keys = pictured(avatars);
    const name = keys.join(' ');
    const kept = this.kept.get(name);
    if (kept) return kept;
    const drawn = this.last.then(() => drawPoster(keys, modelsFolder));
    this.last = drawn.catch(() => {});
    this.kept.set(name, drawn);
    drawn.catch(() => this.kept.delete(name));
    const [oldest] = this.kept.keys();
    if (this.kept.size > KEPT_MOST && oldest !== undefined) this.kept.delete(oldest);
    return drawn;
  }
}
