/**
 * In the site, a code span or an emphasis that is the title of a page is a link to it: `lattice.max.unit`, *The kill matrix*. So
 * a page that is read elsewhere too may name pages that are only built with the site.
 */
import { posix } from 'node:path'
import type MarkdownIt from 'markdown-it'
import { type Application, type DocumentReflection, PageEvent, Renderer, type RendererEvent } from 'typedoc'

type Tokens = ReturnType<MarkdownIt['parse']>

/** The title that stands at a place among inline tokens, and how many tokens it takes. */
const titleAt = (tokens: Tokens, i: number): { readonly title: string; readonly takes: number } | null => {
  const [first, second, third] = tokens.slice(i, i + 3)
  if (first?.type === 'code_inline') return { title: first.content, takes: 1 }
  return first?.type === 'em_open' && second?.type === 'text' && third?.type === 'em_close'
    ? { title: second.content, takes: 3 }
    : null
}

/** Links the titles of the pages of a project, as they become known. */
export const installTitles = (app: Application): ((md: MarkdownIt) => void) => {
  let page: PageEvent | undefined
  const pages = new Map<string, DocumentReflection>()
  app.renderer.on(Renderer.EVENT_BEGIN, ({ project }: RendererEvent) => {
    pages.clear()
    for (const reflection of Object.values(project.reflections))
      if (reflection.isDocument()) pages.set(reflection.name, reflection)
  })
  app.renderer.on(PageEvent.BEGIN, (event: PageEvent) => {
    page = event
  })

  const address = (title: string): string | null => {
    const target = pages.get(title)
    const url = target === undefined ? undefined : app.renderer.router?.getFullUrl(target)
    return url === undefined || page === undefined || url === page.url
      ? null
      : posix.relative(posix.dirname(page.url), url)
  }

  return (md) => {
    md.core.ruler.push('titles', (state) => {
      for (const block of state.tokens) {
        const inside = block.children ?? []
        const linked: Tokens = []
        let links = 0
        for (let i = 0; i < inside.length; i++) {
          const token = inside[i]
          if (token === undefined) continue
          if (token.type === 'link_open') links += 1
          if (token.type === 'link_close') links -= 1
          const found = links > 0 ? null : titleAt(inside, i)
          const href = found === null ? null : address(found.title)
          if (found === null || href === null) {
            linked.push(token)
            continue
          }
          const open = new state.Token('link_open', 'a', 1)
          open.attrSet('href', href)
          linked.push(open, ...inside.slice(i, i + found.takes), new state.Token('link_close', 'a', -1))
          i += found.takes - 1
        }
        if (block.type === 'inline') block.children = linked
      }
    })
  }
}
