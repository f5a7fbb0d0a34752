/**
 * `@cite key` at the end of a comment, or `{@cite key}` within prose, becomes a reference with a link to the page
 * "Bibliography", which in turn links back to everything that cites a work.
 */
import { posix } from 'node:path'
import type MarkdownIt from 'markdown-it'
import {
  type Application,
  type Comment,
  type CommentDisplayPart,
  CommentTag,
  type Context,
  Converter,
  DocumentReflection,
  PageEvent,
  type Reflection,
  ReflectionKind,
} from 'typedoc'
import { type Bibliography, label, reference } from './bibliography.js'

const TITLE = 'Bibliography'
const text = (content: string): CommentDisplayPart => ({ kind: 'text', text: content })
const plain = (parts: ReadonlyArray<CommentDisplayPart>): string => parts.map((part) => part.text).join('')

/** The declaration a reader would look for: a signature or a field stands for the export that holds it. */
const exported = (reflection: Reflection): Reflection => {
  const parent = reflection.parent
  return parent === undefined || parent.kindOf(ReflectionKind.SomeModule | ReflectionKind.Project)
    ? reflection
    : exported(parent)
}

/** Turns the `@cite` tags of a comment into one, whose content is inline citations. Returns the keys. */
const gather = (comment: Comment): ReadonlyArray<string> => {
  const tags = comment.blockTags.filter(({ tag }) => tag === '@cite')
  if (tags.length === 0) return []
  const cited = tags.map(({ content }) => /^\s*(\S*?)[,.;:]?(?:\s+([\s\S]*))?$/.exec(plain(content)) ?? [])
  const items = cited.map(([, key = '', rest]) => `{@cite ${key} full}${rest ? `. ${rest.trim()}` : ''}`)
  const content = items.length === 1 ? items.join('') : items.map((item) => `- ${item}`).join('\n')
  comment.blockTags = comment.blockTags.filter(({ tag }) => tag !== '@cite')
  comment.blockTags.push(new CommentTag('@cite', [text(content)]))
  return cited.map(([, key = '']) => key)
}

const inline = (parts: ReadonlyArray<CommentDisplayPart>): ReadonlyArray<string> =>
  parts.flatMap((part) => (part.kind === 'inline-tag' && part.tag === '@cite' ? [part.text.trim()] : []))

/** Reads every citation of the project, refuses unknown keys and adds the page "Bibliography". */
export const installCitations = (app: Application, works: Bibliography): ((md: MarkdownIt) => void) => {
  app.options.setValue('blockTags', [...app.options.getValue('blockTags'), '@cite'])
  app.options.setValue('inlineTags', [...app.options.getValue('inlineTags'), '@cite'])
  app.internationalization.addTranslations('en', { tag_cite: 'Source' })

  let page: PageEvent | undefined
  let document: DocumentReflection | undefined

  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context: Context) => {
    const project = context.project
    const citing = new Map<string, Set<Reflection>>()
    const note = (key: string, reflection: Reflection): void => {
      if (!works.has(key)) {
        app.logger.error(
          `${reflection.getFriendlyFullName()} cites "${key}", which is not in docs/bibliography.json`,
        )
        return
      }
      citing.set(key, (citing.get(key) ?? new Set()).add(exported(reflection)))
    }
    for (const reflection of Object.values(project.reflections)) {
      const { comment } = reflection
      if (comment !== undefined) {
        const parts = [...comment.summary, ...comment.blockTags.flatMap(({ content }) => content)]
        for (const key of [...inline(parts), ...gather(comment)]) note(key, reflection)
      }
      if (reflection.isDocument()) for (const key of inline(reflection.content)) note(key, reflection)
    }
    const sorted = [...citing].sort(([a], [b]) => (a < b ? -1 : 1))
    const entries = sorted.flatMap(([key, reflections]): ReadonlyArray<CommentDisplayPart> => {
      const work = works.get(key)
      if (work === undefined) return []
      const links = [...reflections]
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .flatMap(
          (target, i): ReadonlyArray<CommentDisplayPart> => [
            text(i === 0 ? '' : ', '),
            { kind: 'inline-tag', tag: '@link', text: target.name, target },
          ],
        )
      return [
        text(`<div class="reference" id="${key}">\n<p>${reference(work)}.</p>\n<p class="citing">Cited by `),
        ...links,
        text('.</p>\n</div>\n\n'),
      ]
    })
    document = new DocumentReflection(TITLE, project, [text(`# ${TITLE}\n\n`), ...entries], {
      group: 'Guides',
    })
    project.addChild(document)
    project.registerReflection(document, undefined, undefined)
  })

  app.renderer.on(PageEvent.BEGIN, (event: PageEvent) => {
    page = event
  })

  /** A markdown-it rule, so that `{@cite key}` within code stays as it is. */
  return (md) => {
    md.inline.ruler.before('text', 'cite', (state, silent) => {
      const match = /^\{@cite\s+([^\s}]+)(\s+full)?\s*\}/.exec(state.src.slice(state.pos))
      const work = works.get(match?.[1] ?? '')
      if (match === null || work === undefined || document === undefined || page === undefined) return false
      if (!silent) {
        const url = app.renderer.router?.getFullUrl(document) ?? ''
        const href = `${posix.relative(posix.dirname(page.url), url)}#${work.id}`
        const push = (type: string, content: string): void => {
          state.push(type, '', 0).content = content
        }
        push('html_inline', `<a class="citation" href="${href}">`)
        push('text', label(work))
        push('html_inline', '</a>')
        if (match[2] !== undefined) {
          push('text', ', ')
          push('html_inline', '<cite>')
          push('text', work.title)
          push('html_inline', '</cite>')
        }
      }
      state.pos += match[0].length
      return true
    })
  }
}
