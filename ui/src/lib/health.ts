// How the media of what a channel has on air is: the doctor's verdicts, and
// measures of the newest seconds.
import { body, client } from './api'
import type { components } from './api.gen'
import { sayNotCarried } from './notcarried'
import { sayOr, type Said } from './said'
import { strings } from './strings'
import type { Advice } from './strings/en/server'

export type Health = components['schemas']['Health']
export type Measures = Health['series']
export type Verdict = components['schemas']['Verdict']

/** An ApiError with status 403 to who does not look after the channel. */
export const health = (channel: string, signal?: AbortSignal): Promise<Health> =>
  body(
    client.GET('/api/v1/channels/{channel}/health', {
      params: { path: { channel } },
      ...(signal ? { signal } : {}),
    }),
  )

/** What a verdict sees and what to do, in the language of the pages; in the server's words without others. */
export function wordsOfVerdict(v: Verdict): { seen: Said; fix: Said } {
  const words = Object.hasOwn(strings.verdicts, v.code) ? strings.verdicts[v.code] : undefined
  const seen = v.not_carried.length > 0 ? notCarried(v) : words?.seen[v.case]?.(v.figures)
  if (!words || seen === undefined)
    return { seen: sayOr(seen, v.seen), fix: sayOr(undefined, v.fix) }
  const advice = 'other' in words.fix ? (words.fix as Advice) : words.fix[v.case]
  const fix = advice?.[v.encoder]
  return {
    seen: sayOr(seen, v.seen),
    fix: sayOr(typeof fix === 'function' ? fix(v.figures) : fix, v.fix),
  }
}

/** All that a verdict says is not carried; none when there are not words for each. */
function notCarried(v: Verdict): string | undefined {
  const said = v.not_carried.map(sayNotCarried)
  return said.some((one) => one.lang) ? undefined : said.map((one) => one.text).join(' ')
}

/** A value of each second, null where there is none. */
export type Values = readonly (number | null)[]

/** What the server writes where the sound's level was not measured. */
const UNMEASURED = -1000
/** The least level that is drawn, in dB: below it nobody hears anything. */
export const SILENCE = -60

export const bitrates = (m: Measures): Values =>
  m.video_bitrate.map((bits, i) => bits + (m.audio_bitrate[i] ?? 0))

export const keyFrameIntervals = (m: Measures): Values =>
  m.key_frame_interval.map((s) => (s > 0 ? s : null))

/** In dB, not below SILENCE; what is silent is known without a measure. */
export const soundLevels = (m: Measures): Values =>
  m.sound_level.map((level, i) => {
    if (m.silent[i]) return SILENCE
    return level === UNMEASURED ? null : Math.max(SILENCE, level)
  })

/** The newest value, the least and the largest; null when there is none. */
export function extremes(values: Values): { last: number; min: number; max: number } | null {
  const known = values.filter((v) => v !== null)
  const last = known.at(-1)
  if (last === undefined) return null
  return { last, min: Math.min(...known), max: Math.max(...known) }
}

/**
 * The path of an SVG line through `values` in a box of `width` and `height`,
 * with gaps where there is no value. `floor` and `ceiling` are its lower and
 * upper edge. A value alone between gaps is a short dash.
 */
export function line(
  values: Values,
  width: number,
  height: number,
  floor: number,
  ceiling: number,
): string {
  const step = values.length > 1 ? width / (values.length - 1) : 0
  const span = ceiling - floor || 1
  const round = (n: number) => Math.round(n * 100) / 100
  let path = ''
  values.forEach((v, i) => {
    if (v === null) return
    const x = round(i * step)
    const y = round(height - (Math.min(ceiling, Math.max(floor, v)) - floor) * (height / span))
    const alone = (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null
    path += `${(values[i - 1] ?? null) === null ? 'M' : 'L'}${x} ${y}`
    if (alone) path += `h${round(Math.max(step / 2, 0.5))}`
  })
  return path
}
