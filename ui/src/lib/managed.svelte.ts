// A channel as its dashboard has it: the settings as the server last told them,
// and the drafts that its forms make of them. Drafts live as long as the
// dashboard, so that nothing typed is lost between its pages.

import { changesOf, rebase, same } from './changes'
import {
  changeChannel,
  putPicture,
  readSettings,
  removePicture,
  type ChannelChange,
  type ChannelSettings,
  type PictureKind,
} from './manage'
import { ApiError } from './problem'
import { ACCESS, ENCODER, RECORDING, SCHEDULE, WORDS } from './shapes'

/** How a form's fields stand to a channel's settings. */
export interface Shape<F extends object> {
  /** The fields that settings fill. */
  fields(settings: ChannelSettings): F
  /** What changed fields ask of the server; `all` are the form's fields as they stand. */
  change(changed: Partial<F>, all: F): ChannelChange
}

/** A channel's settings, kept as the server has them. */
export class ManagedChannel {
  /** Null before they are there. */
  settings = $state.raw<ChannelSettings | null>(null)
  /** Why they are not. */
  error = $state.raw<Error | null>(null)
  readonly name: string
  #etag = ''
  #drafts: { take(settings: ChannelSettings): void }[] = []

  constructor(name: string) {
    this.name = name
  }

  /** Asks the server how things stand, and has the drafts follow. */
  async load(): Promise<void> {
    try {
      const { settings, etag } = await readSettings(this.name)
      this.#take(settings, etag)
      this.error = null
    } catch (err) {
      this.error = err instanceof Error ? err : new Error(String(err))
      throw this.error
    }
  }

  /** Changes the channel, unless somebody else did meanwhile: an ApiError of the code "changed". */
  async change(change: ChannelChange): Promise<ChannelSettings> {
    const { settings, etag } = await changeChannel(this.name, this.#etag, change)
    // Under another name the dashboard is another one.
    if (settings.name === this.name) this.#take(settings, etag)
    return settings
  }

  /** Gives it another title, whatever else somebody changed meanwhile. */
  async rename(title: string): Promise<void> {
    try {
      await this.change({ title })
    } catch (err) {
      if (!(err instanceof ApiError) || err.code !== 'changed') throw err
      await this.load()
      await this.change({ title })
    }
  }

  /** Gives it a picture, or with null takes it away. */
  async setPicture(kind: PictureKind, picture: File | null): Promise<void> {
    if (picture) {
      const { settings, etag } = await putPicture(this.name, kind, picture)
      this.#take(settings, etag)
    } else {
      await removePicture(this.name, kind)
      await this.load()
    }
  }

  /** Drafts for all forms, once the settings are there. */
  drafts() {
    return {
      words: this.#draft(WORDS),
      schedule: this.#draft(SCHEDULE),
      recording: this.#draft(RECORDING),
      encoder: this.#draft(ENCODER),
      access: this.#draft(ACCESS),
    }
  }

  #draft<F extends object>(shape: Shape<F>): Draft<F> {
    if (!this.settings) throw new Error('a draft of settings that are not there')
    const draft = new Draft(this, shape, this.settings)
    this.#drafts.push(draft)
    return draft
  }

  #take(settings: ChannelSettings, etag: string): void {
    this.settings = settings
    this.#etag = etag
    for (const draft of this.#drafts) draft.take(settings)
  }
}

/** The drafts of a channel's forms. */
export type Drafts = ReturnType<ManagedChannel['drafts']>

/** What a form shows and its owner changes, before it is saved. */
export class Draft<F extends object> {
  fields = $state() as F
  /** Somebody else changed the channel: it was not saved. */
  conflict = $state(false)
  /** It was loaded anew after that. */
  reloaded = $state(false)
  #before = $state.raw() as F
  #channel: ManagedChannel
  #shape: Shape<F>

  /** Made by ManagedChannel.drafts. */
  constructor(channel: ManagedChannel, shape: Shape<F>, settings: ChannelSettings) {
    this.#channel = channel
    this.#shape = shape
    this.#before = shape.fields(settings)
    this.fields = shape.fields(settings)
  }

  /** Something of it is not saved. */
  get dirty(): boolean {
    return !same(this.#before, this.fields)
  }

  /** The settings are others now: what was typed stays, the rest follows. */
  take(settings: ChannelSettings): void {
    const now = this.#shape.fields(settings)
    this.fields = rebase(this.#before, $state.snapshot(this.fields) as F, now)
    this.#before = now
  }

  /** As it was before anything was typed. */
  discard(): void {
    this.fields = structuredClone(this.#before)
    this.conflict = this.reloaded = false
  }

  /** Saves what was changed. */
  async save(): Promise<void> {
    const all = $state.snapshot(this.fields) as F
    const changed = changesOf(this.#before, all)
    this.conflict = this.reloaded = false
    try {
      const settings = await this.#channel.change(this.#shape.change(changed, all))
      // As the server put it, with spaces trimmed and the like, but for what was typed meanwhile.
      this.fields = rebase(all, $state.snapshot(this.fields) as F, this.#shape.fields(settings))
    } catch (err) {
      this.conflict = err instanceof ApiError && err.code === 'changed'
      throw err
    }
  }

  /** Loads what somebody else changed, under what was typed. */
  async reload(): Promise<void> {
    await this.#channel.load()
    this.conflict = false
    this.reloaded = true
  }
}
