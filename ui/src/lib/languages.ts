// Languages that a channel can be in, by their names in the viewer's own.

import { spoken } from './language'

/** BCP 47 tags of the languages that most broadcasts of the world are in. */
const TAGS =
  'af ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fil fr ga gl he hi hr hu hy id is it ja ka kk km ko lo lt lv mk mn mr ms my nb ne nl pa pl ps pt pt-BR ro ru sk sl sq sr sv sw ta te th tr uk ur uz vi yue zh zh-TW zu'

/** A language's name, or its tag when the browser knows none. */
export function languageName(tag: string, locale = spoken.locale): string {
  try {
    return new Intl.DisplayNames(locale, { type: 'language' }).of(tag) ?? tag
  } catch {
    return tag
  }
}

/** Tags with names, by name; `also` is among them though it is rare. */
export function languages(also: string, locale = spoken.locale): { tag: string; name: string }[] {
  const tags = TAGS.split(' ')
  if (also && !tags.includes(also)) tags.push(also)
  return tags
    .map((tag) => ({ tag, name: languageName(tag, locale) }))
    .sort((a, b) => a.name.localeCompare(b.name, locale))
}
