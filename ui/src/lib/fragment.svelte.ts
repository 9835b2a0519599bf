// The secret of a link, which stands behind "#" so that no server, log or
// proxy sees it.

/** Takes it out of the address bar, where others could read it and the history would keep it. */
export class Fragment {
  text = $state('')
  #form: RegExp
  #abort = new AbortController()

  /** `form` is how the secret looks; another fragment is left where it is. */
  constructor(form: RegExp) {
    this.#form = form
    this.#take()
    // Another link to the same page, pasted over this one.
    addEventListener('hashchange', () => this.#take(), { signal: this.#abort.signal })
  }

  stop(): void {
    this.#abort.abort()
  }

  #take(): void {
    const text = location.hash.slice(1)
    if (!this.#form.test(text)) return
    this.text = text
    history.replaceState(history.state, '', location.pathname + location.search)
  }
}
