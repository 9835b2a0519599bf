// Going live: the page for the encoder, and how the stream is.

import { formsOf } from '../forms'

const { plural, count } = formsOf('en')

export const stream = {
  stream: {
    offAir: 'You are off air',
    waiting: 'Waiting for your encoder…',
    waitingHelp: 'This page says so as soon as your stream comes in.',
    opening: 'Your encoder is here. The first picture comes in a moment…',
    live: 'You are on air',
    interrupted: 'Your encoder lost the connection',
    interruptedHelp: (clock: string) =>
      `Your viewers wait. Start the encoder again: the broadcast goes on if it is back within ${clock}.`,
    interruptedSoon: 'Your viewers wait. Start the encoder again and the broadcast goes on.',
    watch: 'See what viewers see',
    play: 'Play it here',
    playStop: 'Stop playing it here',
    titleChange: 'Change the title',
    /** Said to who may not go live here. */
    theirs: {
      offAir: 'Off air',
      offAirHelp: 'This page says so as soon as the channel is on air.',
      opening: 'The encoder is here. The first picture comes in a moment…',
      live: 'On air',
      interrupted: 'The encoder lost the connection',
      interruptedHelp: (clock: string) =>
        `Viewers wait. The broadcast goes on if the encoder is back within ${clock}.`,
      interruptedSoon: 'Viewers wait for the encoder.',
    },
    banned: 'Banned from going live. Moderators of this site decided so; write to them.',
    stop: 'Stop the broadcast',
    stopTitle: 'Stop this broadcast?',
    stopHelp:
      'It ends for everybody who watches, and the encoder is sent away. An encoder that connects again by itself begins another: stop it there too.',
    uptime: 'On air for',
    picture: 'Picture',
    sound: 'Sound',
    noPicture: 'None',
    noSound: 'None',
    bitrate: 'Bitrate',
    pictureText: (w: number, h: number, fps: string) => `${w} × ${h}${fps ? `, ${fps} fps` : ''}`,
    soundText: (khz: string, channels: number) =>
      `${khz} kHz, ${channels === 1 ? 'mono' : channels === 2 ? 'stereo' : `${count(channels)} channels`}`,
    obs: 'In OBS',
    obsHelp: 'Settings → Stream. Choose Custom… as Service, then fill in these two.',
    server: 'Server',
    serverHelp: 'OBS calls it Server, other encoders RTMP URL.',
    noRtmp: 'This server takes no RTMP. Ask its admin how to publish here.',
    key: 'Stream Key',
    keyHelp: 'Whoever has it can go live on your channel. Keep it off the screen.',
    keyNew:
      'Made just now. It is not shown again after you leave this page: paste it into your encoder.',
    keyNone: 'Your channel has no stream key yet.',
    keySome: (n: number) =>
      plural(n, {
        one: 'Your channel has one stream key. Its text was shown when it was made; use it, or make another.',
        other: `Your channel has ${count(n)} stream keys. Their text was shown when they were made; use one, or make another.`,
      }),
    keyMake: 'Make a stream key',
    keyLabel: 'For OBS',
    keysManage: 'See all stream keys',
    settings: 'What works well',
    settingsList: [
      ['Output → Keyframe Interval', '2 s'],
      ['Output → Rate Control', 'CBR'],
      ['Output → Bitrate', '4,500 Kbps for 1080p at 30 fps, 6,000 at 60 fps'],
      ['Output → Audio Bitrate', '160 Kbps'],
    ] as [field: string, value: string][],
    other: 'With ffmpeg',
    otherHelp: 'Put your stream key in the place of STREAM_KEY.',
    otherKey: 'Your new stream key is in it.',
    ffmpeg: 'ffmpeg command',
    ffmpegLine: (target: string) =>
      `ffmpeg -re -i FILE -c:v libx264 -preset veryfast -b:v 4500k -maxrate 4500k -bufsize 9000k -g 60 -pix_fmt yuv420p -c:a aac -b:a 160k -f flv "${target}"`,
    phone: 'With a phone',
    phoneHelp:
      'Apps that stream by RTMP, such as Larix or Prism, ask for an address. Read this one off the screen with the phone’s camera and paste it.',
    phoneNone: 'Make a stream key above: its address is then here as a QR code.',
    phoneShow: 'Show the QR code',
    phoneHide: 'Hide the QR code',
    phoneSecret: 'Your stream key is in it. Keep it off your stream.',
    phoneCode: 'QR code of the address with your stream key',
    keyPlaceholder: 'STREAM_KEY',
    hidden: 'hidden',
  },
  health: {
    title: 'How your stream is',
    looking: 'Looking at your stream. That takes a few seconds…',
    healthy: 'Everything looks healthy',
    hints: 'Everything works. This could be better:',
    found: (n: number) =>
      plural(n, { one: 'One thing is wrong:', other: `${count(n)} things to look at:` }),
    away: 'Waiting for your encoder',
    severities: { bad: 'Viewers suffer from it', poor: 'Worse than it could be', hint: 'A hint' },
    since: (ago: string) => `Began ${ago}`,
    bitrate: 'Bitrate',
    frameRate: 'Frame rate',
    keyFrames: 'Key frame interval',
    sound: 'Sound level',
    fps: (n: string) => `${n} fps`,
    seconds: (n: string) => `${n} s`,
    dB: (n: number) => `${String(n).replace('-', '−')} dB`,
    silent: 'silent',
    none: 'Nothing yet',
    unmeasured: 'Not measured: this takes ffmpeg on the server',
    now: (value: string) => `now ${value},`,
    between: (min: string, max: string, span: string) =>
      min === max ? `${min} for ${span}` : `${min} to ${max} in ${span}`,
    span: (seconds: number) =>
      seconds < 120 ? `${seconds} s` : `${count(Math.round(seconds / 60))} minutes`,
  },
}
