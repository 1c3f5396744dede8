/**
 * All that draws in a meeting's page, fetched as one: what the three share makes up most of each. Who has waited for
 * their avatar in the lobby has the room as well when they join.
 */
export { AvatarPreview } from './AvatarPreview';
export { MeetingScene } from './MeetingScene';
export { PeoplePreview } from './PeoplePreview';
