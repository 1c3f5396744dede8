/** The texts of meetings that are watched live, in Simplified Chinese. */
export const zhHansLive = {
  'live.pageTitle': '直播',
  'live.mark': '直播中',
  'live.scene': '房间直播',
  'live.notLive': '现在没有直播。会议开始录制后，这个页面会自动播放。',
  'live.ended': '直播已结束。想再看一遍，请向主持人索取录制链接。',
  'live.off': '这个站点不提供会议直播。',
  'live.unreachable': '暂时连不上服务器。恢复后，这个页面会自动继续。',

  'live.watchers_one': '{count} 人观看直播',
  'live.watchers_other': '{count} 人观看直播',
  'live.peopleWatching_one': '有 {count} 人在观看直播。',
  'live.peopleWatching_other': '有 {count} 人在观看直播。',
  'live.copyLink': '复制直播链接',
  'live.copied': '直播链接已复制',
  'live.watch': '观看直播',
  'live.watchedByMany': '旁观人数已满。会议录制期间，你可以观看稍有延迟的直播。',
} as const;
