import { expect, test } from 'vitest'
import { overlayOptions } from './overlayoptions'

const usual = { size: 28, fade: 0, badges: true, lines: 20, side: 'left' }

test('an overlay is as its address says', () => {
  expect(overlayOptions('')).toEqual(usual)
  expect(overlayOptions('?size=40&fade=30&badges=0&lines=5&align=right')).toEqual({
    size: 40,
    fade: 30,
    badges: false,
    lines: 5,
    side: 'right',
  })
})

test('what makes no sense is bounded, or as usual', () => {
  expect(overlayOptions('?size=1e9&fade=-3&lines=0.2&align=up')).toEqual({
    ...usual,
    size: 96,
    lines: 1,
  })
  expect(overlayOptions('?size=large&fade=&lines=NaN&badges=yes')).toEqual(usual)
})
