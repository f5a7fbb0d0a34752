import { describe, expect, test } from 'vitest'
import { categoryStyle, dark, light, linesPerPanel, rampStyle } from '../../../src/cli/report/palette.js'

type Triple = readonly [number, number, number]

const linear = (c: number): number => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
const rgb = (hex: string): Triple => {
  const at = (i: number) => linear(Number.parseInt(hex.slice(i, i + 2), 16) / 255)
  return [at(1), at(3), at(5)]
}
const times = (m: readonly [Triple, Triple, Triple], [a, b, c]: Triple): Triple => {
  const row = ([x, y, z]: Triple) => x * a + y * b + z * c
  return [row(m[0]), row(m[1]), row(m[2])]
}
const clamped = ([a, b, c]: Triple): Triple => {
  const unit = (x: number) => Math.min(1, Math.max(0, x))
  return [unit(a), unit(b), unit(c)]
}

/** Full dichromacies after Machado, Oliveira and Fernandes (2009), on linear RGB. */
const sights: { readonly [name: string]: (colour: Triple) => Triple } = {
  normal: (colour) => colour,
  protanopia: (colour) =>
    clamped(
      times(
        [
          [0.152286, 1.052583, -0.204868],
          [0.114503, 0.786281, 0.099216],
          [-0.003882, -0.048116, 1.051998],
        ],
        colour,
      ),
    ),
  deuteranopia: (colour) =>
    clamped(
      times(
        [
          [0.367322, 0.860646, -0.227968],
          [0.280085, 0.672501, 0.047413],
          [-0.01182, 0.04294, 0.968881],
        ],
        colour,
      ),
    ),
  tritanopia: (colour) =>
    clamped(
      times(
        [
          [1.255528, -0.076749, -0.178779],
          [-0.078411, 0.930809, 0.147602],
          [0.004733, 0.691367, 0.3039],
        ],
        colour,
      ),
    ),
}

const luminance = ([r, g, b]: Triple): number => 0.2126 * r + 0.7152 * g + 0.0722 * b
const contrast = (a: Triple, b: Triple): number => {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05)
}

/** Distance in the OKLab space, where 2 is about the smallest seen side by side when scaled by 100. */
const distance = (a: Triple, b: Triple): number => {
  const lab = (colour: Triple): Triple => {
    const [l, m, s] = times(
      [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
      ],
      colour,
    )
    return times(
      [
        [0.2104542553, 0.793617785, -0.0040720468],
        [1.9779984951, -2.428592205, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.808675766],
      ],
      [Math.cbrt(l), Math.cbrt(m), Math.cbrt(s)],
    )
  }
  const [x, y] = [lab(a), lab(b)]
  return 100 * Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2])
}

const pairs = <A>(as: ReadonlyArray<A>): ReadonlyArray<readonly [A, A]> =>
  as.flatMap((a, i) => as.slice(i + 1).map((b) => [a, b] as const))

describe.each([
  ['light', light],
  ['dark', dark],
])('the %s theme', (_, theme) => {
  test('text has a contrast of 7:1 (ink) and 4.5:1 (quiet) on paper and tint', () => {
    for (const ground of [theme.paper, theme.tint].map(rgb)) {
      expect(contrast(rgb(theme.ink), ground)).toBeGreaterThan(7)
      expect(contrast(rgb(theme.quiet), ground)).toBeGreaterThan(4.5)
    }
  })

  test.each(Object.entries(sights))('lines are seen on the paper and told apart: %s', (name, see) => {
    const paper = see(rgb(theme.paper))
    const categories = [...theme.categories, theme.ink].map((hex) => see(rgb(hex)))
    const ramp = theme.ramp.map((hex) => see(rgb(hex)))
    for (const colour of [...categories, ...ramp])
      expect(contrast(colour, paper)).toBeGreaterThan(name === 'normal' ? 3 : 2.9)
    for (const [a, b] of pairs(categories)) expect(distance(a, b)).toBeGreaterThan(10)
    for (const [a, b] of pairs(ramp)) expect(distance(a, b)).toBeGreaterThan(3.5)
  })
})

const look = ({ dash, symbol, filled }: ReturnType<typeof categoryStyle>) => `${dash} ${symbol} ${filled}`

test('no two of 36 families look alike', () => {
  const styles = Array.from({ length: 36 }, (_, i) => categoryStyle(i))
  expect(new Set(styles.map((style) => `${style.colour} ${look(style)}`)).size).toBe(36)
})

test('the lines of a panel differ without colour', () => {
  const sweep = Array.from({ length: linesPerPanel }, (_, i) => rampStyle(i, linesPerPanel))
  const categories = Array.from({ length: linesPerPanel }, (_, i) => categoryStyle(i))
  expect(new Set(sweep.map(look)).size).toBe(linesPerPanel)
  expect(new Set(categories.map(look)).size).toBe(linesPerPanel)
})

test('a sweep of up to eight has a colour for each member, from one end of the ramp to the other', () => {
  for (let n = 2; n <= 8; n++) {
    const colours = Array.from({ length: n }, (_, i) => rampStyle(i, n).colour)
    expect(new Set(colours).size).toBe(n)
    expect([colours[0], colours[n - 1]]).toEqual(['var(--ramp-0)', 'var(--ramp-7)'])
  }
})
