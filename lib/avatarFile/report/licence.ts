import type { Gltf } from '../gltf/gltf';
import { type JsonObject, listAt, objectAt, textOr } from '../gltf/json';
import { READ_LIMITS } from '../limits';

/** Who may use an avatar: its author, people the author licenses, or everyone. `unstated` if the file doesn't say. */
type AvatarUsers = 'author' | 'licensed' | 'everyone' | 'unstated';

/** Whether the file may be redistributed; everyone in a meeting downloads it. */
type Redistribution = 'allowed' | 'prohibited' | 'unstated';

/** What a file says about itself and its use. Texts are the file's own, cut and without control characters. */
export interface AvatarLicence {
  readonly title: string;
  readonly authors: readonly string[];
  readonly users: AvatarUsers;
  readonly redistribution: Redistribution;
  /** The name of the licence, such as `CC_BY`; empty if none is stated. */
  readonly name: string;
  /** The http(s) address of the licence's text, or empty. */
  readonly url: string;
  readonly copyright: string;
}

/**
 * What it takes to bring an avatar into a meeting, where other people's browsers download it: nothing, or a claim to be its
 * author or to have the author's permission. No file is refused for good, because its author can always permit it.
 */
export type UploadTerms = 'free' | 'permission';

const AUTHORS_MAX = 16;

const VRM0_USERS: ReadonlyMap<string, AvatarUsers> = new Map([
  ['OnlyAuthor', 'author'],
  ['ExplicitlyLicensedPerson', 'licensed'],
  ['Everyone', 'everyone'],
]);

const VRM1_USERS: ReadonlyMap<string, AvatarUsers> = new Map([
  ['onlyAuthor', 'author'],
  ['onlySeparatelyLicensedPerson', 'licensed'],
  ['everyone', 'everyone'],
]);

/** Licences of VRM 0.x that let everyone redistribute a file. */
const VRM0_FREE = /^CC(0|_BY(_NC)?(_SA|_ND)?)$/;

function addressOr(value: unknown): string {
  const text = textOr(value, READ_LIMITS.textLength);
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? new URL(text).href : '';
}

function vrm0Redistribution(name: string): Redistribution {
  if (VRM0_FREE.test(name)) return 'allowed';
  return name === 'Redistribution_Prohibited' ? 'prohibited' : 'unstated';
}

function vrm0Licence(meta: JsonObject): AvatarLicence {
  const name = textOr(meta.licenseName);
  const author = textOr(meta.author);
  return {
    title: textOr(meta.title),
    authors: author ? [author] : [],
    // The specification's default for a missing field.
    users: VRM0_USERS.get(textOr(meta.allowedUserName)) ?? 'author',
    redistribution: vrm0Redistribution(name),
    name,
    url: addressOr(meta.otherLicenseUrl) || addressOr(meta.otherPermissionUrl),
    copyright: '',
  };
}

function vrm1Licence(meta: JsonObject): AvatarLicence {
  return {
    title: textOr(meta.name),
    authors: listAt(meta.authors, 'VRMC_vrm.meta.authors')
      .slice(0, AUTHORS_MAX)
      .map((author) => textOr(author))
      .filter((author) => author !== ''),
    users: VRM1_USERS.get(textOr(meta.avatarPermission)) ?? 'author',
    redistribution: meta.allowRedistribution === true ? 'allowed' : 'prohibited',
    name: '',
    url: addressOr(meta.otherLicenseUrl) || addressOr(meta.licenseUrl),
    copyright: textOr(meta.copyrightInformation, READ_LIMITS.textLength),
  };
}

/** A plain GLB has no field for permissions; its exporter may have written a copyright. */
function plainLicence(asset: JsonObject): AvatarLicence {
  const copyright = textOr(asset.copyright, READ_LIMITS.textLength);
  const none = { title: '', authors: [], name: '', url: '' };
  return { ...none, users: 'unstated', redistribution: 'unstated', copyright };
}

/** Reads what a file says about its licence. @throws AvatarFileError `json` */
export function readLicence({ extensions, asset }: Gltf): AvatarLicence {
  const { VRM, VRMC_vrm } = extensions;
  if (VRMC_vrm !== undefined) return vrm1Licence(objectAt(objectAt(VRMC_vrm, 'VRMC_vrm').meta, 'VRMC_vrm.meta'));
  if (VRM !== undefined) return vrm0Licence(objectAt(objectAt(VRM, 'VRM').meta, 'VRM.meta'));
  return plainLicence(asset);
}

/** What a licence asks of a person who uses the avatar in a meeting. */
export function uploadTerms({ users, redistribution }: AvatarLicence): UploadTerms {
  const isOpen = users === 'everyone' || users === 'unstated';
  return isOpen && redistribution !== 'prohibited' ? 'free' : 'permission';
}
