// What the player asks of an engine, and what an engine tells the player.
// Engines know the video element and the network; they know no page.

/** The engines by the names that statistics show. */
export type EngineName = 'low-latency' | 'hls.js' | 'native'

/** Where an engine stands. */
export type EngineState =
  | 'connecting'
  | 'playing'
  | 'off-air' // nothing to play at the address now; the engine keeps asking
  | 'reconnecting'
  | 'asleep'
  | 'ended'
  | 'gone' // a recording that is not there any more
  | 'refused' // the server does not let the viewer have it, or not any longer
  | 'failed'

/** Why an engine gives way to hls.js. */
export type HandOverReason =
  'no-codec' | 'not-low-latency' | 'stalls' | 'append-errors' | 'rewind' | 'paused'

/** What an engine tells its player. */
export interface EngineHost {
  /** The engine's state changed. */
  state(state: EngineState): void
  /** Another source is on the element, or playing can begin: play if the viewer wants it. */
  ready(): void
  /** The element's source is about to be replaced by another one of the same engine. */
  replacing(): void
  /** The engine stopped and another one must go on, at `programTime` (PROGRAM-DATE-TIME in seconds) or, if null, at the live edge. */
  handOver(reason: HandOverReason, programTime: number | null): void
  /** The server refuses the media: the engine stopped, and another address may help. */
  refused(): void
  /** The engine's code cannot be loaded now; it tries again, unless it is replaced. */
  unavailable(): void
}

/** What an engine knows about what it plays; null where it does not know. */
export interface EngineInfo {
  /** PROGRAM-DATE-TIME of the picture that is shown, in seconds. */
  programTime: number | null
  /** Seconds of media that lie between the picture and the newest one that could be shown. */
  behind: number | null
  /** The buffer that is kept ahead, in seconds. */
  margin: number | null
  jitter: number | null
  /** Bits a second of media. */
  bitrate: number | null
  codecs: string | null
  requests: number | null
  /** Requests that the server holds until there is news. */
  waiting: number | null
}

/** One way to play a source on a video element. */
export interface Engine {
  readonly name: EngineName
  /** Begins to load. Called once. */
  start(): void
  /** Stops all requests and lets go of the element. */
  destroy(): void
  /** Goes to the live edge and follows it. */
  goLive(): void
  /** Nobody looks or listens: stop asking for media until wake. */
  sleep(): void
  /** Somebody does again. */
  wake(): void
  info(): EngineInfo
}
