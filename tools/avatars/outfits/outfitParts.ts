import type { Build, Outfit } from '../avatarSpec';
import type { Part } from '../part';
import { blazer } from './blazer';
import { hoodie } from './hoodie';
import { shoes } from './shoes';
import { sweater } from './sweater';
import { trousers } from './trousers';

const TOPS: Readonly<Record<Outfit, (build: Build) => Part[]>> = { blazer, hoodie, sweater };

/** Everything worn. */
export function outfitParts(outfit: Outfit, build: Build): Part[] {
  return [...TOPS[outfit](build), trousers(build), ...shoes()];
}
