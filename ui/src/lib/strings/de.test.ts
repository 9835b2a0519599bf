/// <reference types="node" />
// What the type checker cannot see: the server's codes, which have English
// sentences in Go and words here.
import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { de } from './de'
import { chat } from './de/chat'
import { hooks } from './de/hooks'
import { desk as en } from './en/desk'

const ROOT = new URL('../../../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8')
/** The Go code of a package, without its tests. */
const goOf = (folder: string) =>
  readdirSync(new URL(folder, ROOT))
    .filter((f) => f.endsWith('.go') && !f.endsWith('_test.go'))
    .map((f) => read(`${folder}/${f}`))
    .join('\n')
/** What a pattern catches, each once. */
const all = (text: string, pattern: RegExp) => [
  ...new Set([...text.matchAll(pattern)].map((m) => m.slice(1).join(' '))),
]

test('every refusal of the server has its words', () => {
  const codes = [
    ...all(goOf('internal/account'), /&Error\{"(\w+)"/g),
    ...all(goOf('internal/chat'), /account\.Error\{Code: "(\w+)"/g),
    ...all(goOf('internal/webhook'), /account\.Error\{Code: "(\w+)"/g),
    ...all(goOf('internal/notify'), /account\.Error\{Code: "(\w+)"/g),
    ...all(goOf('internal/web'), /\bcode\w+ += "(\w+)"/g),
    ...all(
      read('internal/web/api_viewings.go'),
      /p\.(?:Status, )?(?:p\.)?Code, (?:p\.)?Detail = (?:http\.\w+, )?"(\w+)"/g,
    ),
  ]
  expect(codes.length).toBeGreaterThan(80)
  expect(codes.filter((code) => !Object.hasOwn(de.refusals, code))).toEqual([])
})

test('every verdict of the doctor has its words', () => {
  const doctor = goOf('internal/doctor')
  const names = new Map(
    all(doctor, /^\t(\w+) += "(\w+)"$/gm).map((pair) => pair.split(' ') as [string, string]),
  )
  const calls = all(doctor, /v\.say\((\w+), ("\w*"|\w+),/g).map((call) => call.split(' '))
  expect(calls.length).toBeGreaterThan(25)
  for (const [name = '', as = ''] of calls) {
    const code = names.get(name) ?? name
    if (code === 'not_carried') continue // its notices have the words
    expect(de.verdicts, name).toHaveProperty(code)
    if (as.startsWith('"'))
      expect(Object.keys(de.verdicts[code]?.seen ?? {}), code).toContain(JSON.parse(as))
  }
})

test('every notice of what is not carried has its words', () => {
  const codes = all(read('internal/media/notice.go'), /NoticeCode = "(\w+)"/g)
  expect(codes.length).toBeGreaterThan(5)
  for (const code of codes) {
    expect(de.notCarried).toHaveProperty(code)
    for (const kind of ['video', 'audio', ''])
      expect(de.notCarried[code]?.({ kind, name: 'XY' })).toMatch(/^\p{Lu}.*\.$/u)
  }
})

test('every way in which a webhook fails has its words', () => {
  const codes = all(read('internal/webhook/send.go'), /^\tfail\w+ += "(\w+)"/gm)
  expect(codes.length).toBeGreaterThan(8)
  for (const code of codes) {
    expect(hooks.failed).toHaveProperty(code)
    expect(hooks.failed[code]?.({ status: 307, detail: 'XY' })).toMatch(/^\p{Lu}.*\.$/u)
  }
})

test('what the chat refuses and answers has its words', () => {
  const go = goOf('internal/chat')
  const refused = all(go, /^\t(?:Code|why)\w+ += "(\w+)"/gm)
  expect(refused.length).toBeGreaterThan(18)
  const said = (code: string) =>
    [chat.refused, chat.answers, de.refusals].some((words) => Object.hasOwn(words, code))
  // What is held is told as such, and not refused.
  expect(refused.filter((code) => code !== 'held' && !said(code))).toEqual([])

  const notices = all(go, /^\tNotice\w+ += "(\w+)"/gm)
  expect(notices.length).toBeGreaterThan(2)
  expect(Object.keys(chat.answers).sort()).toEqual(
    [...notices.filter((code) => code !== 'done'), 'command'].sort(),
  )
  expect(go.match(/Code: +"/g)?.length, 'other codes are of account.Error').toBe(
    go.match(/account\.Error\{Code: "/g)?.length,
  )

  const commands = all(read('internal/chat/command.go'), /^\t"(\w+)": +\{/gm)
  expect(commands.length).toBeGreaterThan(20)
  expect(Object.keys(chat.done).sort()).toEqual(commands.sort())
  for (const command of commands)
    expect(chat.done[command]?.({ command, name: 'XY', durationMs: 90_000 })).toMatch(
      /^\p{Lu}.*\.$/u,
    )
})

test('answers of the chat have their figures', () => {
  const timeout = (durationMs: number) => chat.done['timeout']?.({ name: 'eve', durationMs })
  expect(timeout(86_400_000)).toBe('eve darf hier nicht schreiben, 1 Tag lang.')
  expect(timeout(36 * 3_600_000)).toContain(', 36 Stunden lang')
  expect(timeout(90_000)).toContain(', 90 Sekunden lang')
  expect(timeout(1500)).toContain(', 1,5 Sekunden lang')
  expect(chat.done['slow']?.({})).toContain('nicht mehr')
  expect(chat.done['links']?.({ value: 'off' })).toContain('nicht erlaubt')
  const use = (command: string, usage: string) => chat.answers['command']?.({ command, usage })
  expect(use('ban', '/ban name [reason]')).toBe('So wird es benutzt: /ban Name [Grund]')
  expect(use('delete', '/delete id')).toBe('So wird es benutzt: /delete ID')
  expect(use('dance', '/dance who')).toBe('So wird es benutzt: /dance who')
  expect(use('dance', '')).toContain('/dance gibt es nicht')
})

test('sentences have their figures', () => {
  const seen = (code: string, as: string, figures: Record<string, number>) =>
    de.verdicts[code]?.seen[as]?.(figures)
  expect(seen('key_frame_interval', 'long', { ms: 8333 })).toMatch(/alle 8,3\ss: /)
  expect(seen('key_frame_interval', 'none', { ms: 21_600 })).toMatch(/Seit 22\ss /)
  expect(seen('bitrate_swings', '', { usual_bps: 900_400, peak_bps: 5_250_000 })).toMatch(
    /meist 900\skbit\/s, manchmal 5,3\sMbit\/s/,
  )
  expect(seen('clock_jumps', 'back', { ms: 400, times: 1 })).toMatch(/0,4\ss .*\(einmal in/)
})

test('the player’s controls have their words', () => {
  const chrome = 'ui/node_modules/media-chrome/dist/'
  const player = read('ui/src/player/Player.svelte')
  const parts = all(player, /import 'media-chrome\/dist\/(media-[\w-]+\.js)'/g)
  const said = [...parts, 'media-container.js'].flatMap((part) =>
    all(read(chrome + part), /\bt\("([^"]+)"/g),
  )
  expect(said.length).toBeGreaterThan(15)
  // media-container says it of sound alone, which is not played here.
  const needed = said.filter((text) => text !== 'audio player')
  expect(needed.filter((text) => !Object.hasOwn(de.player.controls, text))).toEqual([])
})

test('what validation says of a field is put in words', () => {
  expect(de.fieldSaid('expected length <= 64')).toBe('Hier gehören höchstens 64 Zeichen hin')
  expect(de.fieldSaid('expected number >= 1')).toBe('Hier gehört mindestens 1 hin')
  expect(de.fieldSaid('unexpected property')).toContain('unexpected property')
})

test('what is typed into programs is the same in every language', () => {
  expect(de.stream.ffmpegLine('X')).toBe(en.stream.ffmpegLine('X'))
  expect(de.stream.keyPlaceholder).toBe(en.stream.keyPlaceholder)
  expect(de.stream.settingsList).toHaveLength(en.stream.settingsList.length)
})
