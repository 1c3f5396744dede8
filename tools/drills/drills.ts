import type { Drill } from './drill';
import { dataChannelDropped, webSocketChannelDropped } from './drills/channelDropped';
import { clockSkew } from './drills/clockSkew';
import { garbageFlood } from './drills/garbageFlood';
import { ghostGone } from './drills/ghostGone';
import { hubRestarted } from './drills/hubRestarted';
import { joinStorm } from './drills/joinStorm';
import { laptopAsleep, networkChanged } from './drills/networkAway';
import { slowReceiver } from './drills/slowReceiver';
import { soak } from './drills/soak';
import { stalls } from './drills/stalls';
import { tabHidden } from './drills/tabHidden';
import { xmppDropped } from './drills/xmppDropped';

/** Every drill, in the order in which they are run. */
export const DRILLS: readonly Drill[] = [
  joinStorm,
  hubRestarted,
  webSocketChannelDropped,
  dataChannelDropped,
  xmppDropped,
  tabHidden,
  networkChanged,
  laptopAsleep,
  stalls,
  clockSkew,
  slowReceiver,
  ghostGone,
  garbageFlood,
  soak,
];
