// Shows what the server pushes, and goes there when it is clicked. It keeps
// nothing and answers no request of a page.

/** What was pushed, or what can be said of it when it cannot be read. */
function messageOf(data) {
  try {
    return data.json()
  } catch {
    return {}
  }
}

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (e) => e.waitUntil(self.clients.claim()))

self.addEventListener('push', (e) => {
  const { title, body, url, tag, icon, at } = messageOf(e.data)
  // A push has to be shown, whatever it says: browsers take the right away else.
  e.waitUntil(
    self.registration.showNotification(title || self.location.hostname, {
      body: body || '',
      tag: tag || 'rostrum', // told twice, it is shown once
      icon: icon || '/icon.svg',
      timestamp: at || Date.now(),
      data: { url: url || '/' },
    }),
  )
})

self.addEventListener('notificationclick', (e) => {
  e.notification.close()
  const to = new URL(e.notification.data?.url || '/', self.location.origin)
  if (to.origin !== self.location.origin) return
  e.waitUntil(
    self.clients.matchAll({ type: 'window', includeUncontrolled: true }).then(async (windows) => {
      const there = windows.find((w) => new URL(w.url).pathname === to.pathname)
      if (there) return there.focus()
      return self.clients.openWindow(to.href)
    }),
  )
})
