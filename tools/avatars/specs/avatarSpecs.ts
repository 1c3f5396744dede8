import type { AvatarKey } from '@/lib/core/avatars';
import type { AvatarSpec } from '../avatarSpec';
import { ada } from './ada';
import { bo } from './bo';
import { cleo } from './cleo';
import { dayo } from './dayo';
import { emi } from './emi';
import { farah } from './farah';
import { gus } from './gus';
import { hari } from './hari';

/** The default avatars. */
export const AVATAR_SPECS: Readonly<Record<AvatarKey, AvatarSpec>> = { ada, bo, cleo, dayo, emi, farah, gus, hari };
