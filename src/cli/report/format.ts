import { format } from 'd3-format'

const significant = format('.4r')
const scientific = format('.3e')
const short = format('.6~g')
const shortest = format('.3~g')
const grouped = format(',d')
const hundredths = format('.2f')

/** Control characters, lone surrogates and marks that reverse the reading order: they would rewrite what is around them. */
const unprintable = /[\p{Cc}\p{Cs}\p{Bidi_Control}]/gu

/** One line of text, with every character that a terminal or a page could obey replaced by U+FFFD. */
export const printable = (text: string): string => text.replace(unprintable, '\u{fffd}')

/** The same for text of several lines: line feeds and tabs stay. */
export const printableLines = (text: string): string =>
  text.replace(unprintable, (character) =>
    character === '\n' || character === '\t' ? character : '\u{fffd}',
  )

/** A loss with four significant digits; `diverged` if it is not finite, a dash if there is none. */
export const formatLoss = (x: number | null): string => {
  if (x === null) return '–'
  if (!Number.isFinite(x)) return 'diverged'
  const size = Math.abs(x)
  return size === 0 || (size >= 1e-4 && size < 1e6) ? significant(x) : scientific(x)
}

/** A number from 0 to 1 as a percentage. */
export const formatPercent = (x: number | null): string =>
  x === null || !Number.isFinite(x) ? '–' : `${hundredths(100 * x)} %`

export const formatCount = (n: number): string => (Number.isFinite(n) ? grouped(n) : String(n))

export const formatSeconds = (s: number | null): string =>
  s === null || !Number.isFinite(s) ? '–' : `${hundredths(s)} s`

/** A number as short as three digits allow, for running text. */
export const formatNumber = (x: number): string => (Number.isFinite(x) ? shortest(x) : String(x))

/** `1 run`, `2 runs`. */
export const plural = (n: number, noun: string): string => `${formatCount(n)} ${noun}${n === 1 ? '' : 's'}`

/** The text in at most `length` characters: the middle goes, because names differ at their ends. */
export const shorten = (text: string, length: number): string => {
  const characters = [...text]
  if (characters.length <= length) return text
  const tail = Math.floor((length - 1) / 2)
  return [...characters.slice(0, length - 1 - tail), '…', ...characters.slice(characters.length - tail)].join(
    '',
  )
}

const superscripts: { readonly [digit: string]: string } = {
  '-': '⁻',
  0: '⁰',
  1: '¹',
  2: '²',
  3: '³',
  4: '⁴',
  5: '⁵',
  6: '⁶',
  7: '⁷',
  8: '⁸',
  9: '⁹',
}

/** `2 · 10⁻⁴`, `10³`: a number with few digits as a multiple of a power of ten. */
export const formatPower = (x: number): string => {
  const [mantissa = '', exponent = '0'] = Number(x.toPrecision(6)).toExponential().split('e')
  const raised = [...exponent].map((digit) => superscripts[digit] ?? '').join('')
  return mantissa === '1' ? `10${raised}` : `${mantissa}·10${raised}`
}

/** The tick labels of one axis, all in the same notation. */
export const tickFormat = (ticks: ReadonlyArray<number>): ((x: number) => string) =>
  ticks.every((x) => x === 0 || (Math.abs(x) >= 1e-3 && Math.abs(x) < 1e4)) ? short : formatPower
