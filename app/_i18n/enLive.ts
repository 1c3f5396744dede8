/** The texts of meetings that are watched live, in English. */
export const enLive = {
  'live.pageTitle': 'Live',
  'live.mark': 'Live',
  'live.scene': 'The room, live',
  'live.notLive': 'Nothing is shown live right now. This page begins by itself once the meeting is recorded.',
  'live.ended': 'The live broadcast has ended. To watch it again, ask the host for the link to the recording.',
  'live.off': 'Meetings can’t be watched live on this site.',
  'live.unreachable': 'The server can’t be reached right now. This page goes on by itself once it can.',

  'live.watchers_one': '{count} watching live',
  'live.watchers_other': '{count} watching live',
  'live.peopleWatching_one': '{count} person is watching live.',
  'live.peopleWatching_other': '{count} people are watching live.',
  'live.copyLink': 'Copy link for watching live',
  'live.copied': 'Link for watching live copied',
  'live.watch': 'Watch live',
  'live.watchedByMany':
    'As many people are watching as can at once. While the meeting is recorded, you can watch it live, a moment later.',
} as const;
