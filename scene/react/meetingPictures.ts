/**
 * Everything that draws in a meeting's page, loaded as one script, since most of each part is shared. A person whose
 * avatar is drawn in the lobby has the room loaded, too, when they join.
 */

export { FilmStage } from './filmStage';
export { MeetingScene } from './MeetingScene';
export { AvatarPreview } from './previews/AvatarPreview';
export { PeoplePreview } from './previews/PeoplePreview';
