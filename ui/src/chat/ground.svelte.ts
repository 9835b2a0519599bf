// Whether the page is light or dark, for colours that are not the theme's own.

import { theme } from '../lib/theme.svelte'

class Ground {
  #system = matchMedia('(prefers-color-scheme: dark)')
  #dark = $state(this.#system.matches)

  constructor() {
    this.#system.addEventListener('change', (e) => (this.#dark = e.matches))
  }

  get theme(): 'light' | 'dark' {
    if (theme.current !== 'system') return theme.current
    return this.#dark ? 'dark' : 'light'
  }
}

export const ground = new Ground()
