/**
 * All that draws in a meeting's page, fetched as one: what the three share makes up most of each. Who has waited for
 * their avatar in the lobby has the room as well when they join.
 */

export { MeetingScene } from './MeetingScene';
export { AvatarPreview } from './previews/AvatarPreview';
export { PeoplePreview } from './previews/PeoplePreview';
