import { expect, test } from 'vitest'
import { belongsToElement, keyAction } from './keys'

const press = (key: string, over = {}) =>
  keyAction({ key, ctrlKey: false, metaKey: false, altKey: false, ...over })

test('each key has its meaning', () => {
  expect(press(' ')).toEqual({ do: 'play' })
  expect(press('K')).toEqual({ do: 'play' })
  expect(press('f')).toEqual({ do: 'fullscreen' })
  expect(press('m')).toEqual({ do: 'mute' })
  expect(press('c')).toEqual({ do: 'captions' })
  expect(press('l')).toEqual({ do: 'live' })
  expect(press('ArrowLeft')).toEqual({ do: 'seek', by: -5 })
  expect(press('ArrowUp')).toEqual({ do: 'volume', by: 0.05 })
  expect(press(',')).toEqual({ do: 'frame', by: -1 })
  expect(press('.')).toEqual({ do: 'frame', by: 1 })
  expect(press('0')).toEqual({ do: 'jump', to: 0 })
  expect(press('7')).toEqual({ do: 'jump', to: 0.7 })
})

test('other keys and chords are left to the browser', () => {
  expect(press('x')).toBeNull()
  expect(press('F5')).toBeNull()
  expect(press('f', { ctrlKey: true })).toBeNull()
  expect(press('l', { metaKey: true })).toBeNull()
})

test('an element under focus keeps its own keys', () => {
  const element = (tagName: string) => ({ tagName, isContentEditable: false }) as unknown as Element
  expect(belongsToElement(element('INPUT'), 'k')).toBe(true)
  const bar = Object.assign(element('INPUT'), { type: 'range' })
  expect(['ArrowLeft', '5', 'l', ' '].map((k) => belongsToElement(bar, k))).toEqual(
    Array(4).fill(false),
  )
  expect(belongsToElement(bar, 'Home')).toBe(true)
  expect(belongsToElement(element('BUTTON'), ' ')).toBe(true)
  expect(belongsToElement(element('BUTTON'), 'k')).toBe(false)
  expect(belongsToElement(element('MEDIA-PLAY-BUTTON'), ' ')).toBe(true)
  expect(belongsToElement(element('MEDIA-TIME-RANGE'), 'ArrowLeft')).toBe(true)
  expect(belongsToElement(element('MEDIA-TIME-RANGE'), 'f')).toBe(false)
  expect(belongsToElement(element('BODY'), ' ')).toBe(false)
  expect(belongsToElement(null, ' ')).toBe(false)
})
