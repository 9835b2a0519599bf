// The player’s controls and what it says.

import type { TranslateDictionary } from 'media-chrome/dist/lang/en.js'

export const player = {
  player: {
    region: (title: string) => `Player: ${title}`,
    loading: 'Loading the player…',
    loadFailed: 'The player could not be loaded.',
    unmute: 'Tap for sound',
    atEdge: 'At the live edge',
    badgeInterrupted: 'Interrupted: the broadcaster lost the connection',
    atMost: (clock: string) => `At most ${clock} more`,
    // It begins with what the badge shows, so that speech input finds it by that.
    behind: (seconds: string) => `Live −${seconds}: behind the broadcast. Go to the live edge`,
    scrub: 'Rewind',
    scrubEdge: 'Live',
    scrubAt: (behind: string, time: string) => `−${behind}, ${time}`,
    /** The controls' own words, by the English that they have from their makers. */
    controls: {} as Partial<TranslateDictionary>,
    settings: 'Settings',
    theatre: 'Theatre mode',
    latency: 'Latency',
    latencyModes: {
      lowest: 'Lowest',
      balanced: 'Balanced',
      smooth: 'Smooth',
    },
    latencyHelp: {
      lowest: 'nearest to live',
      balanced: 'a little later, fewer stops',
      smooth: 'a second later, for poor networks',
    },
    speed: 'Speed',
    stats: 'Stats for nerds',
    close: 'Close',
    states: {
      connecting: '',
      playing: '',
      asleep: '',
      ended: 'The broadcast has ended.',
      endedRecording: '',
      'off-air': 'Off air. Waiting for the broadcast…',
      reconnecting: 'The connection was lost. Trying again…',
      gone: 'This recording was removed.',
      refused: 'You may not watch this any longer.',
      failed: 'This browser cannot play this video.',
      interrupted: 'The broadcaster lost the connection. Waiting…',
      opening: 'The broadcast is starting…',
    },
    stat: {
      engine: 'Engine',
      latency: 'Latency',
      buffer: 'Buffer / margin',
      jitter: 'Jitter',
      rate: 'Rate',
      stalls: 'Stalls',
      frames: 'Dropped / frames',
      bitrate: 'Bitrate',
      picture: 'Picture',
      codecs: 'Codecs',
      startup: 'First picture',
      requests: 'Requests / held',
    },
  },
}
