// The last picture, held before the video while another source comes onto it:
// a video element that changes its source shows nothing until it has decoded.

/** A picture is there this long after the element has it, whether or not it tells. */
const SHOWN_AFTER_MS = 500

/** What `canvas`, which lies before `video`, holds of it. */
export class HeldPicture {
  #video: HTMLVideoElement
  #canvas: HTMLCanvasElement
  #wait = new AbortController()

  constructor(video: HTMLVideoElement, canvas: HTMLCanvasElement) {
    this.#video = video
    this.#canvas = canvas
  }

  /** Shows what the video shows now until it has a picture of another source. */
  hold(): void {
    const { videoWidth, videoHeight, clientWidth, readyState } = this.#video
    // Nothing is there to be seen; what is held already stays.
    if (readyState < HTMLMediaElement.HAVE_CURRENT_DATA || !videoWidth) return
    this.release()
    const canvas = this.#canvas
    const scale = Math.min(1, (clientWidth * devicePixelRatio) / videoWidth) || 1
    canvas.width = Math.round(videoWidth * scale)
    canvas.height = Math.round(videoHeight * scale)
    canvas.getContext('2d')?.drawImage(this.#video, 0, 0, canvas.width, canvas.height)
    canvas.hidden = false
    const { signal } = this.#wait
    this.#video.addEventListener('loadeddata', () => this.#come(signal), { signal, once: true })
  }

  #come(signal: AbortSignal): void {
    const release = () => {
      if (!signal.aborted) this.release()
    }
    const video = this.#video
    if ('requestVideoFrameCallback' in video) video.requestVideoFrameCallback(release)
    setTimeout(release, SHOWN_AFTER_MS)
  }

  /** Shows the video itself. */
  release(): void {
    this.#wait.abort()
    this.#wait = new AbortController()
    this.#canvas.hidden = true
    this.#canvas.width = 0 // its memory, too
  }
}
