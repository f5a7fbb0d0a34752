/** Reads the finished site as a browser would: every link must arrive, and no formula may stand there as TeX. */
import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { parseHTML } from 'linkedom'

interface Page {
  readonly path: string
  readonly anchors: ReadonlySet<string>
  readonly links: ReadonlyArray<string>
  readonly prose: ReadonlyArray<string>
}

const read = (site: string, path: string): Page => {
  const { document } = parseHTML(readFileSync(posix.join(site, path), 'utf8'))
  const all = (selector: string) => [...document.querySelectorAll(selector)]
  const links = all('[href], [src]').map((e) => e.getAttribute('href') ?? e.getAttribute('src') ?? '')
  const anchors = new Set(all('[id]').map((e) => e.id))
  for (const e of all('code, pre, math, script, svg')) e.remove()
  return { path, anchors, links, prose: all('.tsd-typography').map((e) => e.textContent ?? '') }
}

const outside = (href: string): boolean => /^([a-z]+:|\/\/)/i.test(href)

/** The faults of the site under the folder `site`, in words. */
export const siteFaults = (site: string): ReadonlyArray<string> => {
  const files = new Set(
    readdirSync(site, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/')),
  )
  const pages = new Map(
    [...files].filter((file) => file.endsWith('.html')).map((file) => [file, read(site, file)]),
  )
  return [...pages.values()].flatMap((page) => [
    ...page.links
      .filter((href) => !outside(href))
      .flatMap((href) => {
        const [path = '', anchor = ''] = href.split('#')
        const bare = path.split('?')[0] ?? ''
        const target =
          bare === '' ? page.path : posix.join(posix.dirname(page.path), decodeURIComponent(bare))
        const anchors = anchor === '' ? undefined : pages.get(target)?.anchors
        const arrives = files.has(target) && (anchors?.has(decodeURIComponent(anchor)) ?? true)
        return arrives ? [] : [`${page.path}: the link ${href} goes nowhere`]
      }),
    ...page.prose.flatMap((prose) => {
      const at = prose.indexOf('$')
      return at < 0
        ? []
        : [`${page.path}: a $ stands in the prose: "${prose.slice(Math.max(0, at - 30), at + 40)}"`]
    }),
  ])
}
