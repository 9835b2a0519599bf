import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { EdgeController } from './edge'
import { Playhead } from './playhead'

/** An element with six seconds ahead of it, whose events come when they are sent. */
class Element extends EventTarget {
  paused = false
  seeking = false
  readyState = 4
  playbackRate = 1
  currentTime = 10
  buffered = { length: 1, start: () => 0, end: () => 16 }
}

describe('playhead', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] })
    vi.stubGlobal('HTMLMediaElement', { HAVE_FUTURE_DATA: 3 })
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  const start = () => {
    const video = new Element()
    const playhead = new Playhead(video as unknown as HTMLVideoElement, new EdgeController(0.15), {
      stalled() {},
      beyond() {},
      edge: () => 15.7,
      offered: () => 16,
      lost() {},
    })
    video.dispatchEvent(new Event('playing'))
    return { video, playhead }
  }

  test('far behind it leaps to the edge', () => {
    const { video, playhead } = start()
    playhead.tick()
    expect(video.currentTime).toBe(15.7)
    playhead.stop()
  })

  test('after a pause it stays where it was, though the event of playing comes late', () => {
    const { video, playhead } = start()
    video.paused = true
    playhead.tick()
    video.paused = false
    playhead.tick()
    expect(video.currentTime).toBe(10)
    expect(playhead.following).toBe(false)
    video.dispatchEvent(new Event('play'))
    expect(playhead.following).toBe(false)
    playhead.stop()
  })
})
