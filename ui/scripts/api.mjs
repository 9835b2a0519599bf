// Makes src/lib/api.gen.ts of the API's description, docs/openapi.json, which a
// test of the server keeps true.
//
//   node scripts/api.mjs           writes it
//   node scripts/api.mjs --check   exits 1 when it is not what would be written
import { readFile, writeFile } from 'node:fs/promises'
import openapiTS, { astToString } from 'openapi-typescript'
import { format, resolveConfig } from 'prettier'

const description = new URL('../../docs/openapi.json', import.meta.url)
const file = new URL('../src/lib/api.gen.ts', import.meta.url)

const types = astToString(await openapiTS(description, { alphabetize: true }))
const text = await format(
  `// Made by "npm run api" of docs/openapi.json. Not to be changed by hand.\n\n${types}`,
  { ...(await resolveConfig(file)), parser: 'typescript' },
)
if (!process.argv.includes('--check')) {
  await writeFile(file, text)
} else if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
  console.error('src/lib/api.gen.ts is not what docs/openapi.json makes: run "npm run api"')
  process.exit(1)
}
