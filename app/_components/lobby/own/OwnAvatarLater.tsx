'use client';

import dynamic from 'next/dynamic';

/** Where somebody brings an avatar of their own, fetched once it is wanted. */
export const OwnAvatarLater = dynamic(() => import('./OwnAvatar').then((module) => module.OwnAvatar), { ssr: false });
