// What the server says in English, and the pages where they have words for it.

/** What is told, and its language where that is not the page's. */
export interface Said {
  text: string
  lang: 'en' | undefined
}

/** The words of the pages, or the server's sentence where there are none. */
export const sayOr = (words: string | undefined, english: string): Said =>
  words === undefined ? { text: english, lang: 'en' } : { text: words, lang: undefined }
