import { CLOTHES, type ClothesName, HAIRS, type HairName, SKINS, type SkinName } from './avatarSwatches';
import { type AvatarKey, isAvatarKey } from './avatars';

/** Colours chosen for a default avatar; omitted ones keep the avatar's default. */
export interface AvatarColours {
  readonly skin?: SkinName;
  readonly hair?: HairName;
  readonly clothes?: ClothesName;
}

/** A default avatar in chosen colours. */
export interface DefaultAvatarRef {
  readonly kind: 'default';
  readonly key: AvatarKey;
  readonly colours: AvatarColours;
}

/** A custom avatar, named by the SHA-256 of its file: 64 lower-case hexadecimal digits. */
export interface CustomAvatarRef {
  readonly kind: 'custom';
  readonly sha256: string;
}

/** Address of the file of a custom avatar, from the site's root. */
export function customAvatarUrl({ sha256 }: CustomAvatarRef): string {
  return `/avatars/${sha256}.glb`;
}

/** The avatar of a person. */
export type AvatarRef = DefaultAvatarRef | CustomAvatarRef;

/** Longest text an avatar reference can have, characters. */
const AVATAR_REF_LENGTH_MAX = 120;

const OWN = /^own:([0-9a-f]{64})$/;
const DEFAULT = /^([a-z]+)(?::([a-z=,]+))?$/;

function isName(table: object, name: string): boolean {
  return Object.hasOwn(table, name);
}

/** The colours in `skin=NAME,hair=NAME,clothes=NAME`, each at most once, and whether every part was understood. */
function parseColours(key: AvatarKey, text: string): { readonly colours: AvatarColours; readonly isWhole: boolean } {
  const wardrobes: Readonly<Record<string, object>> = { skin: SKINS, hair: HAIRS, clothes: CLOTHES[key] };
  const colours: Record<string, string> = {};
  let isWhole = true;
  for (const part of text.split(',')) {
    const [slot = '', name = '', ...rest] = part.split('=');
    const known = isName(wardrobes, slot) && isName(wardrobes[slot]!, name);
    if (!known || rest.length > 0 || isName(colours, slot)) isWhole = false;
    else colours[slot] = name;
  }
  return { colours, isWhole };
}

function parse(text: string): { readonly ref: AvatarRef; readonly isWhole: boolean } | null {
  if (text.length > AVATAR_REF_LENGTH_MAX) return null;
  const sha256 = OWN.exec(text)?.[1];
  if (sha256) return { ref: { kind: 'custom', sha256 }, isWhole: true };
  const [, key = '', chosen] = DEFAULT.exec(text) ?? [];
  if (!isAvatarKey(key)) return null;
  const { colours, isWhole } = chosen === undefined ? { colours: {}, isWhole: true } : parseColours(key, chosen);
  return { ref: { kind: 'default', key, colours }, isWhole };
}

/**
 * Reads an avatar from the text of its reference; null if the text is none.
 *
 * @example
 * parseAvatarRef('ada');                        // in her default colours
 * parseAvatarRef('ada:skin=cocoa,hair=black');  // recoloured
 * parseAvatarRef('own:9f86d081...');            // a custom avatar, by its file's SHA-256
 */
export function parseAvatarRef(text: string): AvatarRef | null {
  const parsed = parse(text);
  return parsed?.isWhole ? parsed.ref : null;
}

/**
 * The same for links and memories, which may be older than the wardrobe: unknown colours are left out. Null only if no avatar
 * is named.
 */
export function nearestAvatarRef(text: string): AvatarRef | null {
  return parse(text)?.ref ?? null;
}

/** The text of a reference; the same choice always gives the same text. */
export function formatAvatarRef(ref: AvatarRef): string {
  if (ref.kind === 'custom') return `own:${ref.sha256}`;
  const { skin, hair, clothes } = ref.colours;
  const parts = Object.entries({ skin, hair, clothes }).filter(([, name]) => name !== undefined);
  const chosen = parts.map(([slot, name]) => `${slot}=${name}`).join(',');
  return chosen ? `${ref.key}:${chosen}` : ref.key;
}

/** A reference's text as {@link formatAvatarRef} writes it; null if `text` is no reference. */
export function cleanAvatarRef(text: string): string | null {
  const ref = parseAvatarRef(text);
  return ref && formatAvatarRef(ref);
}
