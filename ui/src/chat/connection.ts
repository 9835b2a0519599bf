// A connection to a room that comes back by itself. It knows nothing of what is
// said but the id of the last line, from which it goes on.

import { CLOSED, parse, type ClientMessage, type ServerMessage } from './protocol'

/** The part of a WebSocket that is used. */
export interface Socket {
  send(text: string): void
  close(code?: number): void
  onopen: ((e: never) => void) | null
  onmessage: ((e: { data: unknown }) => void) | null
  onclose: ((e: { code: number }) => void) | null
}

/** What a connection needs of the world. */
export interface World {
  open(after: string): Socket
  /** Calls `then` after so long, unless what comes back is called before. */
  later(ms: number, then: () => void): () => void
  /** From 0 to 1. */
  random(): number
}

/** What a connection tells. */
export interface Listener {
  onmessage(message: ServerMessage): void
  /** `tries` have failed in a row: 0 is a connection that was there until now. */
  ondown(tries: number): void
  /** The server has ended it for good. */
  onshut(): void
}

const FIRST_MS = 1000
const LONGEST_MS = 30_000
/** Within so long those come back whose server went away. */
const RETURN_MS = 3000
/** Who was too slow comes back once there is room again. */
const TOO_SLOW_MS = 250

export class Connection {
  /** The id of the last line, from which to go on. */
  last = ''
  #world: World
  #listener: Listener
  #socket: Socket | null = null
  #open = false
  #tries = 0
  #cancel: (() => void) | null = null
  #over = false

  constructor(world: World, listener: Listener) {
    this.#world = world
    this.#listener = listener
    this.#connect()
  }

  get open(): boolean {
    return this.#open
  }

  /** Sends; false when there is no connection. */
  send(message: ClientMessage): boolean {
    if (!this.#open || !this.#socket) return false
    this.#socket.send(JSON.stringify(message))
    return true
  }

  /** Connects anew at once: who asks is somebody else now, or the network is back. */
  again(): void {
    if (this.#over) return
    this.#drop()
    this.#tries = 0
    this.#connect()
  }

  /** Ends it. */
  stop(): void {
    this.#over = true
    this.#drop()
  }

  #drop(): void {
    this.#cancel?.()
    this.#cancel = null
    const socket = this.#socket
    this.#socket = null
    this.#open = false
    if (!socket) return
    socket.onopen = socket.onmessage = socket.onclose = null
    socket.close(1000)
  }

  #connect(): void {
    this.#cancel = null
    const socket = this.#world.open(this.last)
    this.#socket = socket
    socket.onopen = () => (this.#open = true)
    socket.onmessage = ({ data }) => {
      const message = typeof data === 'string' ? parse(data) : null
      if (!message) return
      // Not before the server has said something is it there.
      if (message.type === 'hello') this.#tries = 0
      this.#listener.onmessage(message)
    }
    socket.onclose = ({ code }) => this.#closed(code)
  }

  #closed(code: number): void {
    const was = this.#open && this.#tries === 0
    this.#socket = null
    this.#open = false
    if (code === CLOSED.mayNotRead) {
      this.#over = true
      this.#listener.onshut()
      return
    }
    this.#listener.ondown(was ? 0 : this.#tries + 1)
    const wait = this.#wait(code, was)
    this.#tries++
    this.#cancel = this.#world.later(wait, () => this.#connect())
  }

  /** How long until the next try: longer each time, and for each of many viewers another time. */
  #wait(code: number, was: boolean): number {
    if (was && code === CLOSED.tooSlow) return TOO_SLOW_MS
    if (was && code === CLOSED.goingAway) return this.#world.random() * RETURN_MS
    const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#tries)
    return most * (0.5 + this.#world.random() / 2)
  }
}
