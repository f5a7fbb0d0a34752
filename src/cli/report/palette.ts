/**
 * The colours of the report: hues close to those of Okabe and Ito, moved until every line colour has a contrast of 3:1 or
 * nearly so against its paper and the colours stay apart, for normal sight, protanopia, deuteranopia and tritanopia. A line also has its own dashes,
 * its own symbol and its name at its end, so that colour never speaks alone.
 */
export interface Theme {
  readonly paper: string
  readonly ink: string
  /** Secondary text. */
  readonly quiet: string
  /** Fine lines: grids, table rules. */
  readonly hairline: string
  /** The ground of code and of header rows. */
  readonly tint: string
  /** The colours of families. */
  readonly categories: ReadonlyArray<string>
  /** The colours of a sweep, from small to large. */
  readonly ramp: ReadonlyArray<string>
}

export const light: Theme = {
  paper: '#fdfdfb',
  ink: '#1b1d21',
  quiet: '#565a61',
  hairline: '#dcdbd5',
  tint: '#f4f3ee',
  categories: ['#014795', '#a94e07', '#1c7d6c', '#731b5a', '#b88326', '#2896c7', '#403800', '#834ed0'],
  ramp: ['#40004c', '#362070', '#123e86', '#025977', '#066e73', '#098467', '#539344', '#969725'],
}

export const dark: Theme = {
  paper: '#15171a',
  ink: '#e6e4df',
  quiet: '#a5a7ab',
  hairline: '#34373d',
  tint: '#1d2024',
  categories: ['#2d71c3', '#c45111', '#46ae93', '#936175', '#f2c147', '#88c7fd', '#c79607', '#a987fe'],
  ramp: ['#9553a3', '#786ac1', '#558bd8', '#0dabd9', '#11c6c5', '#64daa7', '#b3e488', '#f9e77b'],
}

/** How many lines a panel may hold; as many as there are colours. */
export const linesPerPanel = 8

/** The theme as CSS custom properties. */
export const themeProperties = (theme: Theme): string =>
  [
    `--paper: ${theme.paper}`,
    `--ink: ${theme.ink}`,
    `--quiet: ${theme.quiet}`,
    `--hairline: ${theme.hairline}`,
    `--tint: ${theme.tint}`,
    ...theme.categories.map((colour, i) => `--category-${i}: ${colour}`),
    ...theme.ramp.map((colour, i) => `--ramp-${i}: ${colour}`),
  ].join('; ')

export type SymbolName = 'circle' | 'square' | 'diamond' | 'star' | 'hexagon' | 'wye'

/** The look of one line. */
export interface LineStyle {
  readonly colour: string
  /** An SVG dash array; `none` is a solid line. */
  readonly dash: string
  readonly symbol: SymbolName
  /** Whether the symbol is filled with the colour of the line or with that of the paper. */
  readonly filled: boolean
}

const dashes = ['none', '7 3', '2 2.5', '9 3 2 3'] as const
const symbols = ['circle', 'square', 'diamond', 'star', 'hexagon', 'wye'] as const

const lined = (colour: string, i: number): LineStyle => ({
  colour,
  dash: dashes[i % dashes.length] ?? 'none',
  symbol: symbols[i % symbols.length] ?? 'circle',
  filled: i % 2 === 0,
})

/**
 * The look of a member of the `i`-th family. Eight families have colours of their own, the ninth takes the ink; then the
 * colours come again, with other dashes and symbols. Members of one family share the colour alone.
 */
export const categoryStyle = (i: number, member = 0): LineStyle => {
  const colours = light.categories.length + 1
  const colour = i % colours
  return lined(colour < light.categories.length ? `var(--category-${colour})` : 'var(--ink)', i + member)
}

/** The look of member `i` of a sweep with `n` members, which are in the order of their knob. */
export const rampStyle = (i: number, n: number): LineStyle => {
  const last = light.ramp.length - 1
  return lined(`var(--ramp-${n < 2 ? 0 : Math.round((i * last) / (n - 1))})`, i)
}
