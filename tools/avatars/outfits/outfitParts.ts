import type { Build, Outfit } from '../avatarSpec';
import type { Part } from '../part';
import { blazer } from './blazer';
import { cardigan } from './cardigan';
import { dungarees } from './dungarees';
import { hoodie } from './hoodie';
import { ROLLED_SLEEVE, shirt } from './shirt';
import { shoes } from './shoes';
import { sweater } from './sweater';
import { trousers } from './trousers';
import { tunic } from './tunic';

const LONG_SLEEVE = 0.482;

const TOPS: Readonly<Record<Outfit, (build: Build) => Part[]>> = {
  blazer,
  hoodie,
  sweater,
  dungarees,
  tunic,
  cardigan,
  shirt,
};

/** Everything worn. */
export function outfitParts(outfit: Outfit, build: Build): Part[] {
  return [...TOPS[outfit](build), trousers(build), ...shoes()];
}

/** Where the sleeves of an outfit end, along the arm (m from the middle, rest pose). */
export function sleeveEndOf(outfit: Outfit): number {
  return outfit === 'shirt' ? ROLLED_SLEEVE : LONG_SLEEVE;
}
