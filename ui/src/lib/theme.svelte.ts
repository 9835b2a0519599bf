// Light or dark: the system's, unless the viewer chose.

export type Theme = 'system' | 'light' | 'dark'

export const THEMES: Theme[] = ['system', 'light', 'dark']

class ThemeChoice {
  current = $state<Theme>(
    THEMES.find((t) => t === document.documentElement.dataset['theme']) ?? 'system',
  )

  /** The next of system, light, dark. */
  next(): void {
    this.choose(THEMES[(THEMES.indexOf(this.current) + 1) % THEMES.length] as Theme)
  }

  choose(theme: Theme): void {
    this.current = theme
    const { dataset } = document.documentElement
    if (this.current === 'system') delete dataset['theme']
    else dataset['theme'] = this.current
    try {
      if (this.current === 'system') localStorage.removeItem('rostrum.theme')
      else localStorage.setItem('rostrum.theme', this.current)
    } catch {
      // Not kept, then.
    }
  }
}

export const theme = new ThemeChoice()
