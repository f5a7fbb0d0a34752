/** Parts of a page that are made: what stands between `<!-- made: name -->` and `<!-- end -->`. */

const PART = /(<!-- made: ([\w-]+) -->\n)[\s\S]*?(\n?<!-- end -->)/g

/** The names of the parts that a page wants. */
export const wanted = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(PART)].map(([, , name = '']) => name)

/** The page with its parts as they are now. Each name has a part, and each part a name. */
export const filled = (file: string, text: string, parts: ReadonlyMap<string, string>): string => {
  const names = wanted(text)
  for (const name of parts.keys()) if (!names.includes(name)) throw new Error(`${file} does not show ${name}`)
  return text.replace(PART, (_, begin: string, name: string) => {
    const part = parts.get(name)
    if (part === undefined) throw new Error(`${file} wants ${name}, which nobody makes`)
    return `${begin}\n${part}\n\n<!-- end -->`
  })
}
