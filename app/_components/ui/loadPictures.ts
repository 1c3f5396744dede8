/**
 * What draws in a meeting's page, fetched as a whole by whichever part of the page draws first: one's own avatar, the
 * others to choose from, or the room. Imported in this one place, which comes with the page, so that all of them get the
 * same scripts.
 */
export const loadPictures = () => import('@/scene/react/meetingPictures');
