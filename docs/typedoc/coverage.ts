/** What every export must say of itself; the build fails where one does not. */
import {
  type Application,
  type Comment,
  type CommentTag,
  type Context,
  Converter,
  type DeclarationReflection,
  ReflectionKind,
} from 'typedoc'

/** The chapters of the reference, in the order a reader meets them. */
export const CATEGORIES = [
  'Rules',
  'Laws',
  'Theorems',
  'Combinators',
  'Directions',
  'Optimizer',
  'Bilevel',
  'Problems',
  'Autodiff',
  'Program',
  'Standard',
  'Numeric',
  'Data',
  'Errors',
] as const

const NEEDS_EXAMPLE = ReflectionKind.Function | ReflectionKind.Variable | ReflectionKind.Class

const textOf = (comments: ReadonlyArray<Comment>, tag: `@${string}`): ReadonlyArray<string> =>
  comments.flatMap((comment) =>
    comment.getTags(tag).map(({ content }) =>
      content
        .map((part) => part.text)
        .join('')
        .trim(),
    ),
  )

/** The faults of one export, in words. */
const faults = (reflection: DeclarationReflection): ReadonlyArray<string> => {
  const comments = [reflection, ...(reflection.signatures ?? [])].flatMap(({ comment }) => comment ?? [])
  const categories = new Set(textOf(comments, '@category'))
  const since = new Set(textOf(comments, '@since'))
  const unknown = [...categories].filter((category) => CATEGORIES.every((known) => known !== category))
  return [
    comments.some((comment) => comment.hasVisibleComponent()) ? [] : ['has no description'],
    categories.size === 1 ? [] : [`needs one @category, has ${categories.size}`],
    unknown.map((category) => `has the @category "${category}", which is none of ${CATEGORIES.join(', ')}`),
    since.size === 1 && [...since].every((version) => /^\d+\.\d+\.\d+$/.test(version))
      ? []
      : ['needs one @since, a version such as 0.1.0'],
    reflection.kindOf(NEEDS_EXAMPLE) && textOf(comments, '@example').length === 0 ? ['has no @example'] : [],
  ].flat()
}

const place = (reflection: DeclarationReflection): string => {
  const source = reflection.sources?.[0]
  return source === undefined ? '' : `${source.fileName}:${source.line} `
}

/** The order in which a page tells what it has to tell. */
const ORDER = ['@remarks', '@throws', '@example', '@cite', '@since']
const rank = ({ tag }: CommentTag): number => ORDER.indexOf(tag)

/** Checks every export of every entry point, before TypeDoc consumes the tags. */
export const installCoverage = (app: Application): void => {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context: Context) => {
    const modules = context.project.getReflectionsByKind(ReflectionKind.Module)
    for (const module of modules)
      for (const reflection of module.isDeclaration() ? (module.children ?? []) : [])
        if (!reflection.isReference())
          for (const fault of faults(reflection))
            app.logger.error(`${place(reflection)}${module.name}.${reflection.name} ${fault}`)
    for (const { comment } of Object.values(context.project.reflections))
      comment?.blockTags.sort((a, b) => rank(a) - rank(b))
  })
}
