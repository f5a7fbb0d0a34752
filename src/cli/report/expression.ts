/**
 * A printed expression cut where a line may break: after spaces and opening brackets, but not within braces that hold
 * plain numbers only, so that `constant{step: 1}` stays whole. A no-break space holds.
 */
export const expressionParts = (text: string): ReadonlyArray<string> => text.split(/(?<=[ [(])(?![^{[(]*\})/u)

const size = (text: string): number => [...text].length

const cut = (text: string, width: number): ReadonlyArray<string> => {
  const characters = [...text]
  return Array.from({ length: Math.ceil(characters.length / width) }, (_, i) =>
    characters.slice(i * width, (i + 1) * width).join(''),
  )
}

/** Where a line may break, the better places first. */
const places = [
  expressionParts,
  (text: string) => text.split(/(?<=\u{a0})/u),
  (text: string) => text.split(/(?<= )/u),
]

/** What is too long for a line at the better places is cut at the worse ones, and in the end anywhere. */
const parts = (text: string, width: number, rank = 0): ReadonlyArray<string> => {
  const split = places[rank]
  return split === undefined
    ? cut(text, width)
    : split(text).flatMap((part) => (size(part.trimEnd()) <= width ? [part] : parts(part, width, rank + 1)))
}

/** The lines of an expression in a column of `width` characters. */
export const wrapExpression = (text: string, width: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let line = ''
  for (const part of parts(text, width)) {
    if (line !== '' && size(line + part.trimEnd()) > width) {
      lines.push(line.trimEnd())
      line = ''
    }
    line += part
  }
  return [...lines, line.trimEnd()]
}

/** A part of an expression in braces or brackets, the innermost at the greatest depth. */
interface Group {
  readonly from: number
  readonly to: number
  readonly depth: number
}

const left = '…'

/** What stands in braces or brackets, without groups that have nothing left to leave out. */
const groups = (text: string): ReadonlyArray<Group> => {
  const open: Array<number> = []
  const found: Array<Group> = []
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? ''
    if ('{[('.includes(character)) open.push(i + 1)
    if (!'}])'.includes(character)) continue
    const from = open.pop()
    if (from !== undefined && i - from > left.length) found.push({ from, to: i, depth: open.length })
  }
  return found
}

/**
 * The expression with as much left out as is needed to fit: what stands in the innermost braces or brackets first, and of those of one
 * depth the last. `armijo{start: min[last{initial: 1}, constant{…}], slack: 0.01}` still says what kind of rule it is.
 */
export const abridged = (text: string, fits: (text: string) => boolean): string => {
  if (fits(text)) return text
  const [first] = [...groups(text)].sort((a, b) => b.depth - a.depth || b.from - a.from)
  return first === undefined
    ? text
    : abridged(`${text.slice(0, first.from)}${left}${text.slice(first.to)}`, fits)
}
