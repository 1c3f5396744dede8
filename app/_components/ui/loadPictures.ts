/**
 * Everything that draws on a meeting's page, loaded as a whole by the part that draws first: the lobby's avatar, the avatars
 * to choose from, or the room. Imported here alone, so that all of them share the same scripts.
 */
export const loadPictures = () => import('@/scene/react/meetingPictures');
