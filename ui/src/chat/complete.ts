// What can be put in place of what is being typed: names after @, emotes after
// a colon, commands after the slash that begins a line. Pure.

export interface Choice {
  /** What is put in. */
  insert: string
  /** What is shown. */
  label: string
  /** More of it, such as what a command does. */
  help?: string
  /** A picture of it. */
  picture?: string
}

/** What can be chosen from. */
export interface Stock {
  /** Names, best first. */
  names: readonly string[]
  emotes: readonly { code: string; url: string }[]
  commands: readonly { name: string; use: string; help: string }[]
}

export interface Completion {
  /** What of the text it stands in place of. */
  start: number
  end: number
  choices: Choice[]
}

const MOST = 8

/** What can stand where the caret is; null when there is nothing. */
export function completionAt(text: string, caret: number, stock: Stock): Completion | null {
  const before = text.slice(0, caret)
  const found = command(before, stock) ?? name(before, stock) ?? emote(before, stock)
  return found && found.choices.length > 0 ? { ...found, end: caret } : null
}

type Found = Omit<Completion, 'end'>

function command(before: string, { commands }: Stock): Found | null {
  const typed = /^\/([a-z]*)$/i.exec(before)?.[1]?.toLowerCase()
  if (typed === undefined) return null
  const choices = commands
    .filter((c) => c.name.startsWith(typed))
    .map((c) => ({ insert: `/${c.name} `, label: c.use, help: c.help }))
  return { start: 0, choices }
}

function name(before: string, { names }: Stock): Found | null {
  const typed = /(?:^|\s)@([\w-]*)$/.exec(before)?.[1]?.toLowerCase()
  if (typed === undefined) return null
  const choices = names
    .filter((n) => n.toLowerCase().startsWith(typed))
    .slice(0, MOST)
    .map((n) => ({ insert: `@${n} `, label: `@${n}` }))
  return { start: before.length - typed.length - 1, choices }
}

function emote(before: string, { emotes }: Stock): Found | null {
  const typed = /(?:^|\s):(\w{1,})$/.exec(before)?.[1]?.toLowerCase()
  if (typed === undefined) return null
  const fits = (from: boolean) =>
    emotes.filter(({ code }) => {
      const at = bare(code).toLowerCase().indexOf(typed)
      return from ? at === 0 : at > 0
    })
  const choices = [...fits(true), ...fits(false)]
    .slice(0, MOST)
    .map(({ code, url }) => ({ insert: `${typedAs(code)} `, label: typedAs(code), picture: url }))
  return { start: before.length - typed.length - 1, choices }
}

const bare = (code: string) => code.replace(/^:|:$/g, '')
/** How an emote is typed. */
export const typedAs = (code: string): string => `:${bare(code)}:`

/** A text in which a choice was made, and where the caret is after it. */
export function put(text: string, { start, end }: Completion, choice: Choice): [string, number] {
  const after = text.slice(end).replace(/^ /, '')
  return [text.slice(0, start) + choice.insert + after, start + choice.insert.length]
}
