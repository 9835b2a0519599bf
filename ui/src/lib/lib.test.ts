import { expect, test } from 'vitest'
import { ago, bitrate, clock, fileSize, seconds } from './format'
import { reach, rewindOf } from './rewind'
import { returnPath, routeOf, signInPath, signUpPath } from './routes'
import { tracksKey } from './tracks'

test('clock', () => {
  expect([0, 7, 725, 3723, 360_000, -3].map(clock)).toEqual([
    '0:00',
    '0:07',
    '12:05',
    '1:02:03',
    '100:00:00',
    '0:00',
  ])
})

test('one can rewind to the beginning, or as far as the server keeps', () => {
  const on = (over: object) =>
    rewindOf({ started_at: '2026-11-21T12:00:00Z', rewind: '/r.m3u8', ...over } as never)
  const hour = Date.parse('2026-11-21T13:00:00Z') / 1000
  expect(reach(on({ rewind_seconds: null }), hour)).toBe(3600)
  expect(reach(on({ rewind_seconds: 7200 }), hour)).toBe(3600)
  expect(reach(on({ rewind_seconds: 298 }), hour)).toBe(298)
  expect(reach(on({}), hour - 4000)).toBe(0) // a clock that is behind
  expect(reach(on({ started_at: null }), hour)).toBe(0)
  expect(on({ rewind: undefined })).toBeNull()
  expect(reach(null, hour)).toBe(0)
})

test('seconds and bitrates carry their units', () => {
  expect(seconds(0.4123)).toBe('0.412 s')
  expect(seconds(12.34)).toBe('12.3 s')
  expect(seconds(null)).toBe('—')
  expect(bitrate(2_660_000)).toBe('2.66 Mbit/s')
  expect(bitrate(128_400)).toBe('128 kbit/s')
  expect(bitrate(null)).toBe('—')
})

test('sizes of files', () => {
  expect([0, 900, 12_345, 5_400_000, 1_340_000_000].map(fileSize)).toEqual([
    '0 kB',
    '1 kB',
    '13 kB',
    '5 MB',
    '1.3 GB',
  ])
})

test('how long ago, in the largest fitting unit', () => {
  const now = new Date('2026-11-21T12:00:00Z')
  const before = (s: number) => ago(new Date(now.getTime() - s * 1000), now, 'en')
  expect([5, 90, 7300, 90_000, 700_000].map(before)).toEqual([
    'now',
    '1 minute ago',
    '2 hours ago',
    'yesterday',
    'last week',
  ])
})

test('addresses and their pages', () => {
  expect(routeOf('/')).toEqual({ page: 'home' })
  expect(routeOf('/@Demo_1')).toEqual({ page: 'channel', name: 'demo_1', part: null })
  expect(routeOf('/@demo/')).toEqual({ page: 'channel', name: 'demo', part: null })
  const part = { page: 'channel', name: 'demo', part: 'schedule' }
  expect(routeOf('/@Demo/schedule')).toEqual(part)
  expect(routeOf('/search', '?q=%20a%26b+c')).toEqual({ page: 'search', query: 'a&b c' })
  expect(routeOf('/search')).toEqual({ page: 'search', query: '' })
  expect(routeOf('/category/Chess%20%26%20Go')).toEqual({ page: 'category', name: 'Chess & Go' })
  expect(routeOf('/embed/@demo')).toEqual({ page: 'embed', name: 'demo' })
  expect(routeOf('/chat/@Demo')).toEqual({ page: 'chat', name: 'demo' })
  expect(routeOf('/overlay/@demo/chat')).toEqual({ page: 'overlay', name: 'demo' })
  for (const none of ['/chat/demo', '/overlay/@demo', '/chat/@demo/x', '/overlay/demo/chat'])
    expect(routeOf(none).page).toBe('not-found')
  expect(routeOf('/v/01JABC')).toEqual({ page: 'recording', id: '01JABC' })
  expect(routeOf('/c/01JABC')).toEqual({ page: 'clip', id: '01JABC' })
  const embedded = { page: 'embed-recording', id: '01JABC' }
  expect(routeOf('/embed/v/01JABC')).toEqual({ ...embedded, clip: false })
  expect(routeOf('/embed/c/01JABC')).toEqual({ ...embedded, clip: true })
  expect(routeOf('/sign-in')).toEqual({ page: 'sign-in' })
  expect(routeOf('/account')).toEqual({ page: 'account', part: 'profile' })
  expect(routeOf('/account/tokens')).toEqual({ page: 'account', part: 'tokens' })
  expect(routeOf('/admin')).toEqual({ page: 'admin', part: 'users' })
  expect(routeOf('/admin/log')).toEqual({ page: 'admin', part: 'log' })
  expect(routeOf('/dashboard')).toEqual({ page: 'dashboard' })
  const dashboard = { page: 'channel-dashboard', name: 'demo' }
  expect(routeOf('/dashboard/@Demo')).toEqual({ ...dashboard, part: 'about' })
  expect(routeOf('/dashboard/@demo/keys')).toEqual({ ...dashboard, part: 'keys' })
  for (const path of [
    '/@',
    '/@a b',
    `/@${'x'.repeat(65)}`,
    '/embed/x/1',
    '/embed/clip',
    '/nope',
    '/@a/b',
    '/@a/feed.xml',
    '/category/',
    '/category/%zz',
    '/account/profile',
    '/account/nope',
    '/account/',
    '/admin/sessions',
    '/dashboard/demo',
    '/dashboard/@demo/nope',
    '/dashboard/keys',
    '/toString',
  ]) {
    expect(routeOf(path), path).toEqual({ page: 'not-found' })
  }
})

test('signing in leads to pages of this site alone', () => {
  const origin = 'https://tv.example:8443'
  const to = (path: string | null) => returnPath(path, origin)
  for (const path of ['/account/tokens', '/@demo?t=1#x', '/dashboard/@demo/keys', '/']) {
    expect(to(path)).toBe(path)
  }
  for (const path of [
    null,
    '',
    'account',
    '//evil.example/account',
    '/\\evil.example/account',
    '/\t/evil.example/account',
    '\t//evil.example',
    'https://evil.example/account',
    'javascript:alert(1)',
    '/nope',
    '/sign-in?to=/account',
    '/sign-up',
    '/reset',
    '/api/v1/me',
    '//',
    '/:80//evil.example',
  ]) {
    expect(to(path), String(path)).toBe('/')
  }
  expect(signInPath('/account/tokens?a=b&c')).toBe('/sign-in?to=%2Faccount%2Ftokens%3Fa%3Db%26c')
  expect(signUpPath('/@demo')).toBe('/sign-up?to=%2F%40demo')
  for (const path of ['/', '/sign-in', '/sign-up']) expect(signInPath(path)).toBe('/sign-in')
})

test('the tracks of a stream, in whatever order the server lists them', () => {
  const video = { name: 'video/source', kind: 'video', codecs: 'avc1.64001f' } as const
  const audio = { name: 'audio/source', kind: 'audio', codecs: 'mp4a.40.2' } as const
  expect(tracksKey([video, audio])).toBe(tracksKey([audio, video]))
  expect(tracksKey([video])).not.toBe(tracksKey([video, audio]))
  const other = { ...video, codecs: 'hvc1.1.6.L93.B0' }
  expect(tracksKey([other])).toBe(tracksKey([video]))
  expect(tracksKey(null)).toBe('')
})
