// Which page an address is. Pure.

/** A page and what its address names. */
export type Route =
  | { page: 'home' }
  | { page: 'channel'; name: string }
  | { page: 'recording'; id: string }
  | { page: 'embed'; name: string }
  | { page: 'not-found' }

/** The page at a path. Channel names fold case, as the server does. */
export function routeOf(path: string): Route {
  if (path === '/') return { page: 'home' }
  const m = /^\/(?:(embed\/)?@([A-Za-z0-9_-]{1,64})|v\/([A-Za-z0-9_-]{1,64}))\/?$/.exec(path)
  if (m?.[2]) return { page: m[1] ? 'embed' : 'channel', name: m[2].toLowerCase() }
  if (m?.[3]) return { page: 'recording', id: m[3] }
  return { page: 'not-found' }
}
