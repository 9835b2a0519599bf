// Which language the pages speak: the one that was chosen here, else the first
// of the browser's that there is, else English.

import { fill, type Catalogue } from './strings'

/** The languages that there are, each by its own name. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const

export type Language = keyof typeof LANGUAGES

/** Fetched by who reads them; English comes with the pages. */
const PACKS: Record<Exclude<Language, 'en'>, () => Promise<Catalogue>> = {
  de: () => import('./strings/de').then((pack) => pack.de),
}

/** What is spoken, and how numbers and times are written in it. Set once, by `speak`. */
export const spoken: { language: Language; locale: string } = { language: 'en', locale: 'en' }

const KEPT = 'rostrum.language'

const isLanguage = (tag: string): tag is Language => Object.hasOwn(LANGUAGES, tag)
const base = (tag: string) => tag.toLowerCase().split('-')[0] ?? ''

/** The language for who chose `kept`, or nothing, and whose browser asks for `wanted`, best first. */
export function languageFor(kept: string | null, wanted: readonly string[]): Language {
  return [kept ?? '', ...wanted.map(base)].find(isLanguage) ?? 'en'
}

/** How the browser's owner writes `language` (en-GB, de-AT); the language itself when he does not. */
export function localeFor(language: Language, wanted: readonly string[]): string {
  return wanted.find((tag) => base(tag) === language) ?? language
}

function kept(): string | null {
  try {
    return localStorage.getItem(KEPT)
  } catch {
    return null // Storage may be forbidden.
  }
}

/** Has the pages speak the language that is wanted. English, should its words not come. */
export async function speak(): Promise<void> {
  const language = languageFor(kept(), navigator.languages)
  if (language !== 'en') {
    try {
      fill(await PACKS[language]())
    } catch {
      return
    }
  }
  spoken.language = language
  spoken.locale = localeFor(language, navigator.languages)
  document.documentElement.lang = language
}

/** Asks for what is written to the user to be in the language of the pages. */
export const said = () => ({ headers: { 'Accept-Language': spoken.language } })

/** Keeps a choice in this browser and loads the page anew in that language. */
export function choose(language: Language): void {
  try {
    localStorage.setItem(KEPT, language)
  } catch {
    return // It would be forgotten at once.
  }
  location.reload()
}
