// Which page an address is. Pure. The server answers the same addresses:
// internal/web/pages.go and pages_people.go.

export const ACCOUNT_PARTS = ['profile', 'notifications', 'security', 'sessions', 'tokens'] as const
export const DASHBOARD_PARTS = [
  'about',
  'keys',
  'access',
  'members',
  'followers',
  'stream',
  'recordings',
  'chat',
  'webhooks',
] as const
export const CHANNEL_PARTS = ['recordings', 'clips', 'schedule', 'about'] as const
export const ADMIN_PARTS = [
  'users',
  'live',
  'reports',
  'invitations',
  'storage',
  'settings',
  'emotes',
  'webhooks',
  'log',
] as const
/** Those that moderators have too. */
export const MODERATOR_PARTS: readonly AdminPart[] = ['users', 'live', 'reports']

export const LEGAL_PARTS = ['terms', 'privacy', 'imprint'] as const

export type LegalPart = (typeof LEGAL_PARTS)[number]
export type AccountPart = (typeof ACCOUNT_PARTS)[number]
export type ChannelPart = (typeof CHANNEL_PARTS)[number]
export type DashboardPart = (typeof DASHBOARD_PARTS)[number]
export type AdminPart = (typeof ADMIN_PARTS)[number]

/** A page and what its address names. */
export type Route =
  | { page: 'home' }
  | { page: 'channel'; name: string; part: ChannelPart | null }
  | { page: 'search'; query: string }
  | { page: 'category'; name: string }
  | { page: 'recording'; id: string }
  | { page: 'clip'; id: string }
  | { page: 'embed' | 'chat' | 'overlay'; name: string }
  | { page: 'embed-recording'; id: string; clip: boolean }
  | { page: 'setup' | 'sign-in' | 'sign-up' | 'reset' | 'confirm' }
  | { page: 'account'; part: AccountPart }
  | { page: 'dashboard' | 'following' | 'unsubscribe' }
  | { page: 'channel-dashboard'; name: string; part: DashboardPart }
  | { page: 'admin'; part: AdminPart }
  | { page: 'legal'; part: LegalPart }
  | { page: 'not-found' }

/** The addresses that name nothing. */
const FIXED: Record<string, Route> = {
  '/': { page: 'home' },
  '/setup': { page: 'setup' },
  '/sign-in': { page: 'sign-in' },
  '/sign-up': { page: 'sign-up' },
  '/reset': { page: 'reset' },
  '/confirm': { page: 'confirm' },
  '/account': { page: 'account', part: 'profile' },
  '/dashboard': { page: 'dashboard' },
  '/following': { page: 'following' },
  '/unsubscribe': { page: 'unsubscribe' },
  '/admin': { page: 'admin', part: 'users' },
}

/** The page at a path with its query. Channel names fold case, as the server does. */
export function routeOf(path: string, query = ''): Route {
  const fixed = Object.hasOwn(FIXED, path) && FIXED[path]
  if (fixed) return fixed
  if (path === '/search')
    return { page: 'search', query: (new URLSearchParams(query).get('q') ?? '').trim() }
  const chat = /^\/(?:chat\/@([\w-]{1,64})|overlay\/@([\w-]{1,64})\/chat)\/?$/.exec(path)
  const room = chat?.[1] ?? chat?.[2]
  if (room) return { page: chat?.[1] ? 'chat' : 'overlay', name: room.toLowerCase() }
  const m = /^\/(embed\/)?(?:@([A-Za-z0-9_-]{1,64})|([cv])\/([A-Za-z0-9_-]{1,64}))\/?$/.exec(path)
  if (m?.[2] && m[1]) return { page: 'embed', name: m[2].toLowerCase() }
  if (m?.[2]) return { page: 'channel', name: m[2].toLowerCase(), part: null }
  if (m?.[4]) {
    const [clip, id] = [m[3] === 'c', m[4]]
    if (m[1]) return { page: 'embed-recording', id, clip }
    return { page: clip ? 'clip' : 'recording', id }
  }
  return partOf(path) ?? { page: 'not-found' }
}

/** The name in a path, or null where it is none that a browser would write. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** The pages that have parts. */
function partOf(path: string): Route | null {
  const category = /^\/category\/([^/]+)$/.exec(path)?.[1]
  const about = category ? decoded(category) : null
  if (about) return { page: 'category', name: about }
  const of = /^\/@([A-Za-z0-9_-]{1,64})\/([a-z]+)$/.exec(path)
  const shown = CHANNEL_PARTS.find((p) => p === of?.[2])
  if (of?.[1] && shown) return { page: 'channel', name: of[1].toLowerCase(), part: shown }
  const legal = LEGAL_PARTS.find((p) => path === `/legal/${p}`)
  if (legal) return { page: 'legal', part: legal }
  const m = /^\/(account|admin|dashboard\/@([A-Za-z0-9_-]{1,64}))(?:\/([a-z]+))?$/.exec(path)
  if (!m) return null
  const named = m[3]
  if (m[1] === 'account') {
    const part = ACCOUNT_PARTS.find((p) => p === named && p !== 'profile')
    return part ? { page: 'account', part } : null
  }
  if (m[1] === 'admin') {
    const part = ADMIN_PARTS.find((p) => p === named)
    return part ? { page: 'admin', part } : null
  }
  const part = DASHBOARD_PARTS.find((p) => p === (named ?? 'about'))
  return part && m[2] ? { page: 'channel-dashboard', name: m[2].toLowerCase(), part } : null
}

/** The pages that nobody needs who is signed in. */
const WAYS_IN: ReadonlySet<Route['page']> = new Set(['setup', 'sign-in', 'sign-up', 'reset'])

/** Where to go after signing in when nothing better is asked for. */
const AFTER_SIGN_IN = '/'

/**
 * The address to go on to after signing in: what `to` names, if that is a page
 * of this site, so that nobody can make of the sign-in page a way to theirs.
 */
export function returnPath(to: string | null, origin: string): string {
  if (!to?.startsWith('/')) return AFTER_SIGN_IN
  // As the browser would read it: "//host" and "/\host" are other sites.
  const url = URL.canParse(to, origin) ? new URL(to, origin) : null
  if (url?.origin !== origin) return AFTER_SIGN_IN
  const { page } = routeOf(url.pathname)
  if (page === 'not-found' || page === 'embed' || page === 'embed-recording' || WAYS_IN.has(page))
    return AFTER_SIGN_IN
  return url.pathname + url.search + url.hash
}

/** The address of the sign-in page that comes back to `path`, if that is worth it. */
export const signInPath = (path: string): string => wayIn('/sign-in', path)

/** The address of the page for a new account that goes on to `path` likewise. */
export const signUpPath = (path: string): string => wayIn('/sign-up', path)

function wayIn(page: string, path: string): string {
  const plain = path === '/' || WAYS_IN.has(routeOf(path).page)
  return plain ? page : `${page}?to=${encodeURIComponent(path)}`
}
