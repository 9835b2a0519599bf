/// <reference types="node" />
// Words that a person reads are in the catalogue, and nowhere else: this looks
// through the sources for letters that stand where people would see them.
import { readFileSync, readdirSync } from 'node:fs'
import { parse } from 'svelte/compiler'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { desk } from './en/desk'

const SRC = new URL('../../', import.meta.url)

const sources = (end: string) =>
  readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
    (f) => f.endsWith(end) && !/\.(test|gen)\.ts$|^lib[\\/]strings[\\/]/.test(f),
  )
const read = (file: string) => readFileSync(new URL(file, SRC), 'utf8')

/** Attributes and properties whose values are read or heard. */
const HEARD =
  /^(aria-(label|description|valuetext|roledescription|placeholder)|title|alt|placeholder|label|help|summary|empty)$/
/** What is no word: the kind of a track, a unit, how an address begins. */
const NO_WORDS = new Set(['thumbnails', 'px', 'https://'])
const isWord = (text: string) => /\p{L}/u.test(text) && !NO_WORDS.has(text)

/** What is called the same in every language. */
const NAMES = new Set(['Samsung Internet'])
/** Two words or more, of which the first begins as sentences do. */
const isSentence = (text: string) => /^\p{Lu}[\p{Ll}’']* [\p{L}\d]/u.test(text) && !NAMES.has(text)

type Node = { type?: string; [key: string]: unknown }
const isNode = (n: unknown): n is Node => typeof n === 'object' && n !== null

/** Shows `look` everything below a node, in any order. */
function walk(node: unknown, look: (n: Node) => void): void {
  if (Array.isArray(node)) for (const n of node) walk(n, look)
  else if (isNode(node)) {
    look(node)
    for (const key in node) if (key !== 'loc' && key !== 'metadata') walk(node[key], look)
  }
}

/** What of a component is read though it is not in the catalogue. */
function wordsIn(component: string): string[] {
  const { fragment, instance, module } = parse(component, { modern: true })
  const found: string[] = []
  const texts = (nodes: unknown) =>
    [nodes]
      .flat()
      .filter(isNode)
      .filter((n) => n.type === 'Text')
      .map((n) => String(n['data']))
  walk([fragment, instance, module], (n) => {
    if (n.type === 'Attribute' && HEARD.test(String(n['name']))) found.push(...texts(n['value']))
    if (n.type === 'Fragment') found.push(...texts(n['nodes']))
    if (n.type === 'Literal' && isSentence(String(n['value']))) found.push(String(n['value']))
  })
  return found.map((text) => text.trim()).filter(isWord)
}

test('no component has words of its own', { timeout: 60_000 }, () => {
  const found = sources('.svelte').flatMap((f) => wordsIn(read(f)).map((w) => `${f}: ${w}`))
  expect(found).toEqual([])
})

test('words in a component are found', () => {
  expect(wordsIn('<p>Live now</p><b> · {x}</b>')).toEqual(['Live now'])
  expect(wordsIn('{#if x}<a href="/x" title="More">{y}</a>{/if}')).toEqual(['More'])
  expect(wordsIn('<Field label="Name: {x}" class="wide" />')).toEqual(['Name:'])
  expect(wordsIn("<p>{x ? 'Nothing here' : y}</p>")).toEqual(['Nothing here'])
  expect(wordsIn("<script>const s = 'Try again'</script>")).toEqual(['Try again'])
})

/** The sentences in a module, and whether it reads the catalogue when it is loaded. */
function judge(name: string, text: string): { sentences: string[]; reads: boolean } {
  const judged = { sentences: [] as string[], reads: false }
  const look = (node: ts.Node, loading: boolean) => {
    if (ts.isImportDeclaration(node)) return
    if (ts.isStringLiteralLike(node) && isSentence(node.text)) judged.sentences.push(node.text)
    if (loading && ts.isIdentifier(node) && node.text === 'strings') judged.reads = true
    const later = ts.isFunctionLike(node) || ts.isClassLike(node)
    node.forEachChild((child) => look(child, loading && !later))
  }
  look(ts.createSourceFile(name, text, ts.ScriptTarget.ESNext), true)
  return judged
}

test(
  'no module has sentences of its own, or reads the catalogue before its language is chosen',
  { timeout: 60_000 },
  () => {
    for (const file of sources('.ts').filter((f) => !/[\\/]strings\.ts$/.test(f))) {
      // The player's code is fetched when somebody watches: long after the choice.
      const { sentences, reads } = judge(file, read(file))
      expect(sentences, file).toEqual([])
      expect(reads && file !== 'player/words.ts', file).toBe(false)
    }
    expect(judge('x.ts', "export const x = () => 'It went wrong'").sentences).toHaveLength(1)
    expect(judge('x.ts', 'export const title = strings.siteName').reads).toBe(true)
    expect(judge('x.ts', 'export const title = () => strings.siteName').reads).toBe(false)
  },
)

test('who reads the words of later pages brings them', () => {
  const keys = Object.keys(desk).join('|')
  const reads = new RegExp(`\\bstrings\\.(${keys})\\b`)
  const brings = /import '(\.\.?\/)+(lib\/)?desk'/
  const all = [...sources('.svelte'), ...sources('.ts')].filter((f) => reads.test(read(f)))
  expect(all.length).toBeGreaterThan(50)
  expect(all.filter((f) => !brings.test(read(f)))).toEqual([])
})
