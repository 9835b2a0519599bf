// A MediaSource and the SourceBuffers in it, with appends and removals put in
// a queue, because a SourceBuffer does one thing at a time.

import type { MediaSourceClass, TrackSpec } from './codecs'

type Bytes = Uint8Array<ArrayBuffer>

/** The browser refused media: appending it again will not help. */
export class AppendError extends Error {}

/** One SourceBuffer. Calls are carried out in order. */
export class TrackBuffer {
  #source: SourceBuffer
  #queue: Promise<unknown> = Promise.resolve()

  constructor(source: SourceBuffer) {
    this.#source = source
  }

  /** What is held, empty once the element has let go of the source. */
  get buffered(): TimeRanges | null {
    try {
      return this.#source.buffered
    } catch {
      return null
    }
  }

  /** Appends; when the browser has no room, what lies before `keepFrom` is let go first. */
  append(bytes: Bytes, keepFrom: () => number): Promise<void> {
    return this.#enqueue(async () => {
      try {
        await this.#run(() => this.#source.appendBuffer(bytes))
      } catch (err) {
        if (!(err instanceof DOMException) || err.name !== 'QuotaExceededError') throw err
        await this.#remove(keepFrom())
        await this.#run(() => this.#source.appendBuffer(bytes))
      }
    })
  }

  /** Removes what lies before `end`, in media seconds. */
  removeBefore(end: number): Promise<void> {
    return this.#enqueue(() => this.#remove(end))
  }

  async #remove(end: number): Promise<void> {
    const first = this.buffered?.length ? this.buffered.start(0) : Infinity
    if (first < end) await this.#run(() => this.#source.remove(0, end))
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(work)
    this.#queue = done.catch(() => undefined)
    return done
  }

  #run(start: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const listening = new AbortController()
      const { signal } = listening
      const on = (event: string, then: () => void) =>
        this.#source.addEventListener(
          event,
          () => {
            listening.abort()
            then()
          },
          { signal },
        )
      on('updateend', resolve)
      on('error', () => reject(new AppendError('the browser refused media')))
      on('abort', () => reject(new AppendError('the append was cut short')))
      try {
        start()
      } catch (err) {
        listening.abort()
        reject(err)
      }
    })
  }
}

/** Opens a media source on `video` and makes one buffer for each track. Who opens it calls close. */
export class Source {
  readonly buffers: TrackBuffer[]
  #media: MediaSource
  #video: HTMLVideoElement
  #url: string

  private constructor(
    media: MediaSource,
    video: HTMLVideoElement,
    url: string,
    buffers: TrackBuffer[],
  ) {
    this.#media = media
    this.#video = video
    this.#url = url
    this.buffers = buffers
  }

  static async open(
    video: HTMLVideoElement,
    sourceClass: MediaSourceClass,
    tracks: TrackSpec[],
    signal: AbortSignal,
  ): Promise<Source> {
    const media = new sourceClass()
    const url = URL.createObjectURL(media)
    const opened = new Promise<void>((resolve, reject) => {
      media.addEventListener('sourceopen', () => resolve(), { once: true, signal })
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
    video.disableRemotePlayback = true // a ManagedMediaSource opens only then
    video.src = url
    try {
      await opened
      media.duration = Infinity
      const buffers = tracks.map((t) => new TrackBuffer(media.addSourceBuffer(t.mime)))
      return new Source(media, video, url, buffers)
    } catch (err) {
      URL.revokeObjectURL(url)
      throw err
    }
  }

  /** Tells the element how far back and forth a live stream can be sought. */
  seekable(start: number, end: number): void {
    if (this.#media.readyState === 'open' && end > start && start >= 0) {
      this.#media.setLiveSeekableRange?.(start, end)
    }
  }

  /** No more media will come: what is buffered plays out and the element ends. */
  end(): void {
    if (this.#media.readyState === 'open') this.#media.endOfStream()
  }

  /** Whether this source is still what the element plays. */
  get attached(): boolean {
    return this.#video.src === this.#url
  }

  /** Lets go of the source. The element keeps its last picture until it gets another. */
  close(): void {
    URL.revokeObjectURL(this.#url)
  }
}
