// The page that is shown, kept in step with the address bar.

import { routeOf, type Route } from './routes'

class Router {
  route = $state<Route>(routeOf(location.pathname, location.search))

  constructor() {
    addEventListener('popstate', () => this.#changed())
    document.addEventListener('click', (e) => this.#click(e))
  }

  /** Goes to a page of the site; `replace` leaves no way back to this one. */
  go(path: string, { replace = false } = {}): void {
    history[replace ? 'replaceState' : 'pushState'](null, '', path)
    this.#shown()
  }

  #changed(): void {
    this.route = routeOf(location.pathname, location.search)
  }

  #shown(): void {
    this.#changed()
    scrollTo(0, 0)
    document.getElementById('main')?.focus({ preventScroll: true })
  }

  /** Follows a link inside the site without a request, unless the viewer wants another tab. */
  #click(e: MouseEvent): void {
    if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey)
      return
    const link = (e.target as Element | null)?.closest('a')
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin)
      return
    if (link.hash && link.pathname === location.pathname) return
    if (routeOf(link.pathname).page === 'not-found') return // the server's business
    e.preventDefault()
    if (link.href !== location.href) history.pushState(null, '', link.href)
    if ('stay' in link.dataset) this.#changed()
    else this.#shown()
  }
}

export const router = new Router()
