// Holds the built pages to size-budget.json: what a first page loads at once,
// what comes with the first video, what the largest of the other pages and what
// chat adds, and the words of the largest language. Exits 1 when a budget is passed.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const root = new URL('../', import.meta.url)
const budget = JSON.parse(readFileSync(new URL('size-budget.json', root), 'utf8'))
const manifest = JSON.parse(readFileSync(new URL('dist/.vite/manifest.json', root), 'utf8'))

/** All chunks that importing `key` loads at once. */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen
  seen.add(key)
  for (const next of manifest[key].imports ?? []) closure(next, seen)
  return seen
}

/** All chunks that `key` may load, at once or later, beside those that are there. */
function reachable(key, there) {
  const seen = new Set(there)
  const queue = [key]
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    if (seen.has(key)) continue
    seen.add(key)
    queue.push(...(manifest[key].imports ?? []), ...(manifest[key].dynamicImports ?? []))
  }
  return seen
}

const gzipped = (files) =>
  [...files].reduce((sum, f) => sum + gzipSync(readFileSync(new URL(`dist/${f}`, root))).length, 0)

const CHAT = 'src/chat/side.ts'
const PLAYER = 'src/player/Player.svelte'
const code = (keys) => new Set([...keys].map((k) => manifest[k].file))
const styles = (keys) => new Set([...keys].flatMap((k) => manifest[k].css ?? []))

const entryKey = Object.keys(manifest).find((k) => manifest[k].isEntry)
const entry = closure(entryKey)
const beside = (keys) => [...keys].filter((k) => !entry.has(k))
const pages = Object.keys(manifest).filter(
  (k) => manifest[k].isDynamicEntry && k.startsWith('src/pages/'),
)

const languages = Object.keys(manifest).filter(
  (k) => manifest[k].isDynamicEntry && k.startsWith('src/lib/strings/'),
)
const added = (keys) => Math.max(...keys.map((k) => gzipped(code(beside(closure(k))))))

const sizes = {
  entry: gzipped(code(entry)),
  player: gzipped(code(beside(reachable(PLAYER, entry)))),
  page: added(pages),
  chat: added([CHAT]),
  language: added(languages),
  css: gzipped(styles(entry)),
}

let over = false
for (const [name, bytes] of Object.entries(sizes)) {
  const kib = bytes / 1024
  const max = budget[name].max_gzip_kib
  const verdict = kib <= max ? 'ok' : 'TOO LARGE'
  over ||= kib > max
  console.log(`${name.padEnd(8)} ${kib.toFixed(1).padStart(7)} KiB gzip of ${max}  ${verdict}`)
}
process.exit(over ? 1 : 0)
