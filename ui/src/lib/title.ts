import { siteName } from './server.svelte'

/** Names the page in the tab: what it shows first, the site's name after it. */
export function setTitle(page: string | null): void {
  document.title = page ? `${page} · ${siteName()}` : siteName()
}
