/** Steps that a page shows as patches, put to sources. */

interface Hunk {
  readonly file: string
  /** What must stand there, once; empty for a new file. */
  readonly before: string
  readonly after: string
}

/** The patches in the fences marked `diff` of a page, in order. A hunk begins with `+++` and the path of its file. */
export const hunksOf = (page: string): ReadonlyArray<Hunk> =>
  [...page.matchAll(/^```diff\n([\s\S]*?)^```$/gm)].flatMap(([, fence = '']) =>
    fence
      .split(/^(?=\+\+\+ )/m)
      .filter((text) => text !== '')
      .map((text): Hunk => {
        const [head = '', ...lines] = text.replace(/\n$/, '').split('\n')
        if (!head.startsWith('+++ ')) throw new Error(`a patch begins with ${head}, not with +++ and a file`)
        const stray = lines.find((line) => !/^[ +-]/.test(line) && line !== '')
        if (stray !== undefined) throw new Error(`in the patch of ${head.slice(4)}: ${stray}`)
        const of = (signs: string): string =>
          lines
            .filter((line) => line === '' || signs.includes(line.charAt(0)))
            .map((line) => `${line.slice(1)}\n`)
            .join('')
        return { file: head.slice(4), before: of(' -'), after: of(' +') }
      }),
  )

/** A file with a hunk applied; `null` for one that is not there yet. */
export const patched = (text: string | null, { file, before, after }: Hunk): string => {
  if (text === null || before === '') {
    if (text !== null || before !== '')
      throw new Error(`${file} is ${text === null ? 'not there' : 'there already'}`)
    return after
  }
  const places = text.split(`\n${before}`).length - 1
  if (places !== 1) throw new Error(`${file} has ${places} places for the patch, expected one:\n${before}`)
  return text.replace(`\n${before}`, () => `\n${after}`)
}
