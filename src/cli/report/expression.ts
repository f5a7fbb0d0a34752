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
