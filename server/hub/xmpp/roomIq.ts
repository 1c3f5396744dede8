import { type Element, xml } from './element';
import { NS } from './namespaces';
import type { Room } from './room';
import { discoInfo } from './serverIq';
import { iqError, iqResult } from './stanzaReplies';

const ROOM_FEATURES = [NS.muc, 'muc_unsecured', 'muc_nonanonymous', 'muc_open', 'muc_temporary'];

/** The answer to an IQ that is addressed to a room: disco#info only. Kicks and settings are not the clients' matter. */
export function answerRoomIq(request: Element, room: Room): Element {
  if (request.attrs['type'] === 'get' && request.getChild('query', NS.discoInfo)) {
    const info = discoInfo(request, { category: 'conference', type: 'text', name: room.name }, ROOM_FEATURES);
    info.append(roomForm(room));
    return iqResult(request, info);
  }
  return iqError(request, 'forbidden');
}

function roomForm(room: Room): Element {
  const field = (name: string, value: string, type?: string) =>
    xml('field', { var: name, type }, xml('value', {}, value));
  return xml(
    'x',
    { xmlns: NS.dataForms, type: 'result' },
    field('FORM_TYPE', 'http://jabber.org/protocol/muc#roominfo', 'hidden'),
    field('muc#roominfo_meetingId', room.id),
  );
}
