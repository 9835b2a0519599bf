// Notifications that this browser shows while the site is closed (Web Push).

import { pushSubscriptions, subscribePush, unsubscribePush, type PushSubscribed } from './api'

export type PushState = 'on' | 'off' | 'denied' | 'insecure' | 'unsupported' | 'homeScreen'
/** Why it could not be turned on. */
export type PushTrouble = 'denied' | 'dismissed' | 'failed'

const WORKER = '/sw.js'
/** Who turned notifications on here, so that they go on after the next sign-in. */
const KEPT = 'rostrum.push'

const iOS = () => /iP(hone|ad|od)/.test(navigator.userAgent)

/** What this browser can do, whoever is signed in. */
export function ability(): 'able' | 'denied' | 'insecure' | 'unsupported' | 'homeScreen' {
  if (!isSecureContext) return 'insecure'
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window))
    return iOS() ? 'homeScreen' : 'unsupported'
  return Notification.permission === 'denied' ? 'denied' : 'able'
}

async function present(): Promise<PushSubscription | null> {
  const worker = await navigator.serviceWorker.getRegistration(WORKER)
  return (await worker?.pushManager.getSubscription()) ?? null
}

/** How this browser is, beside what the server knows of. */
export async function pushState(): Promise<{ state: PushState; known: PushSubscribed[] }> {
  const known = await pushSubscriptions()
  const can = ability()
  if (can !== 'able') return { state: can, known }
  const sub = await present()
  return { state: known.some((k) => k.endpoint === sub?.endpoint) ? 'on' : 'off', known }
}

async function register(sub: PushSubscription): Promise<void> {
  const { endpoint, keys } = sub.toJSON()
  await subscribePush({
    endpoint: endpoint ?? '',
    keys: { p256dh: keys?.['p256dh'] ?? '', auth: keys?.['auth'] ?? '' },
  })
}

const keep = (who: string | null) => {
  try {
    if (who) localStorage.setItem(KEPT, who)
    else localStorage.removeItem(KEPT)
  } catch {
    // It is not remembered.
  }
}

/** Turns notifications on; what is returned is why that did not work. An ApiError is thrown. */
export async function turnOn(key: string, who: string): Promise<PushTrouble | null> {
  const permission = await Notification.requestPermission()
  if (permission !== 'granted') return permission === 'denied' ? 'denied' : 'dismissed'
  let sub: PushSubscription
  try {
    await navigator.serviceWorker.register(WORKER)
    const worker = await navigator.serviceWorker.ready
    const there = await worker.pushManager.getSubscription()
    // One of another key, from before the server was set up anew, is of no use.
    if (there && !sameKey(there.options.applicationServerKey, key)) await there.unsubscribe()
    sub = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
  } catch {
    return 'failed'
  }
  await register(sub)
  keep(who)
  return null
}

export function sameKey(bytes: ArrayBuffer | null, key: string): boolean {
  if (!bytes) return false
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)))
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '') === key
}

export async function turnOff(known: PushSubscribed[]): Promise<void> {
  keep(null)
  const sub = await present()
  for (const k of known) if (k.endpoint === sub?.endpoint) await unsubscribePush(k.id)
  await sub?.unsubscribe()
}

/** Goes on, after another sign-in, with what the same user had turned on here. */
export async function goOn(who: string): Promise<void> {
  try {
    if (localStorage.getItem(KEPT) !== who || ability() !== 'able') return
    const sub = await present()
    if (sub && !(await pushSubscriptions()).some((k) => k.endpoint === sub.endpoint))
      await register(sub)
  } catch {
    // The next page tries again.
  }
}
