// What the server tells the pages of who is signed in, by WebSocket.

import { session } from '../lib/me.svelte'
import { followed } from './followed.svelte'

/** A channel that went live. */
export interface LiveEvent {
  type: 'live'
  channel: string
  title: string
  broadcastId: string
  broadcastTitle: string
  avatar?: string
  at: number
}

/** How long to wait before the n-th try to come back, without chance: 1 s, 2 s, 4 s … 60 s. */
export const pauseMs = (n: number): number => Math.min(60_000, 1000 * 2 ** Math.min(n, 6))

/** What was sent, if it is something that this page knows. */
export function read(data: unknown): LiveEvent | null {
  if (typeof data !== 'string') return null
  try {
    const event = JSON.parse(data) as Partial<LiveEvent> | null
    const known =
      event?.type === 'live' &&
      typeof event.channel === 'string' &&
      typeof event.title === 'string' &&
      typeof event.broadcastId === 'string'
    return known ? ({ broadcastTitle: '', at: 0, ...event } as LiveEvent) : null
  } catch {
    return null
  }
}

const MOST = 3
/** The server's word that the sign-in is over. */
const SIGNED_OUT = 4003

class Events {
  /** What is shown, the newest last. */
  toasts = $state.raw<LiveEvent[]>([])
  #told = new Set<string>()
  #socket: WebSocket | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #tries = 0

  /** Listens until what is returned is called. */
  listen(): () => void {
    this.#open()
    return () => {
      clearTimeout(this.#timer)
      this.#socket?.close()
      this.#socket = null
      this.toasts = []
    }
  }

  dismiss(event: LiveEvent): void {
    this.toasts = this.toasts.filter((t) => t !== event)
  }

  /** The channel's page is there: it says so itself. */
  seen(channel: string): void {
    if (this.toasts.some((t) => t.channel === channel))
      this.toasts = this.toasts.filter((t) => t.channel !== channel)
  }

  #open(): void {
    const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/api/v1/me/events`)
    this.#socket = socket
    socket.onopen = () => {
      // What happened while nobody listened is in the list.
      if (this.#tries > 0) void followed.refresh()
      this.#tries = 0
    }
    socket.onmessage = ({ data }: MessageEvent<unknown>) => this.#hear(read(data))
    socket.onclose = ({ code }) => {
      if (this.#socket !== socket) return
      if (code === SIGNED_OUT) return void session.refresh()
      this.#timer = setTimeout(
        () => this.#open(),
        pauseMs(this.#tries++) * (0.8 + Math.random() * 0.4),
      )
    }
  }

  #hear(event: LiveEvent | null): void {
    if (!event || this.#told.has(event.broadcastId)) return
    this.#told.add(event.broadcastId)
    void followed.refresh()
    this.toasts = [...this.toasts, event].slice(-MOST)
  }
}

export const events = new Events()
