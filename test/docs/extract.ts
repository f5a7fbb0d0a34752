/**
 * Finds the programs in the documentation: every ```ts fence of a TSDoc comment is one; in a page of Markdown a fence
 * with an import begins one and a fence without, or one marked ```ts continued, goes on with it. Nothing is skipped in silence: what looks like an
 * assertion and is not one that runs is a fault.
 */
import MarkdownIt from 'markdown-it'
import ts from 'typescript'

/** A program, with empty lines in front so that its line numbers are those of the file it stands in. */
export interface Example {
  readonly file: string
  /** The export it illustrates, or the heading it stands under. */
  readonly name: string
  readonly code: string
}

/** What {@link extract} found in one file. A fault is a text that begins with `file:line`. */
export interface Extract {
  readonly examples: ReadonlyArray<Example>
  readonly faults: ReadonlyArray<string>
}

/** An {@link Example} made ready to run: its assertions are calls of `$equal` and `$throws`. */
export interface Instrumented {
  readonly code: string
  readonly assertions: number
  readonly faults: ReadonlyArray<string>
}

const MARK = /\/\/\s*=>/g
const count = (text: string): number => text.match(MARK)?.length ?? 0
const lineAt = (text: string, position: number): number => text.slice(0, position).split('\n').length

interface Fence {
  readonly language: string
  /** Whether it goes on with the program before it though it imports something. */
  readonly continued: boolean
  readonly code: string
  /** Of its first line of code. */
  readonly line: number
  readonly heading: string
}

const markdown = new MarkdownIt()

const fences = (text: string): ReadonlyArray<Fence> => {
  let heading = ''
  return markdown.parse(text, {}).flatMap((token, i, tokens): ReadonlyArray<Fence> => {
    if (token.type === 'heading_open') heading = tokens[i + 1]?.content ?? ''
    if (token.type !== 'fence') return []
    const [language = '', word] = token.info.trim().split(/\s+/)
    const continued = word === 'continued'
    return [{ language, continued, code: token.content, line: (token.map?.[0] ?? 0) + 2, heading }]
  })
}

const isProgram = ({ language }: Fence): boolean => language === 'ts'

/** A fence in some other dialect that means to be a program, or to assert something. */
const strays = (file: string, found: ReadonlyArray<Fence>): ReadonlyArray<string> =>
  found.flatMap((fence) =>
    !isProgram(fence) &&
    (count(fence.code) > 0 || /^(typescript|[mc]ts|tsx|[mc]?js|jsx|javascript)$/.test(fence.language))
      ? [`${file}:${fence.line} is a program in a fence that is not \`\`\`ts, and would not run`]
      : [],
  )

const padded = (code: string, line: number): string => '\n'.repeat(line - 1) + code

const parse = (file: string, code: string): ts.SourceFile =>
  ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS)

/** The text of a comment without its frame, line for line. */
const unframed = (comment: string): string =>
  comment
    .replace(/^\/\*\*/, '   ')
    .replace(/\*\/$/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').replace(/^ {3}/, ''))
    .join('\n')

const nameOf = (node: ts.Node): string => {
  if (ts.isVariableStatement(node))
    return node.declarationList.declarations.map((d) => d.name.getText()).join(', ')
  const own = ts.isSourceFile(node) ? undefined : ts.getNameOfDeclaration(node as ts.Declaration)?.getText()
  const outer =
    node.parent !== undefined && !ts.isSourceFile(node.parent) && !ts.isVariableDeclarationList(node.parent)
      ? nameOf(node.parent)
      : ''
  return [outer, own].filter((part) => part !== undefined && part !== '').join('.')
}

/** The programs in the TSDoc comments of a source file. */
export const examplesOfSource = (file: string, text: string): Extract => {
  const source = parse(file, text)
  const seen = new Set<number>()
  const examples: Array<Example> = []
  const faults: Array<string> = []
  let marks = 0
  const visit = (node: ts.Node): void => {
    for (const doc of ts.getJSDocCommentsAndTags(node)) {
      if (!ts.isJSDoc(doc) || seen.has(doc.pos)) continue
      seen.add(doc.pos)
      const comment = unframed(text.slice(doc.pos, doc.end))
      const first = lineAt(text, doc.pos)
      const at = (line: number): number => first + line - 1
      const found = fences(comment).map((fence) => ({ ...fence, line: at(fence.line) }))
      faults.push(...strays(file, found))
      for (const tag of doc.tags ?? [])
        if (tag.tagName.text === 'example' && !/```ts\b/.test(text.slice(tag.pos, tag.end)))
          faults.push(`${file}:${lineAt(text, tag.pos)} is an @example without a \`\`\`ts fence`)
      for (const fence of found.filter(isProgram)) {
        marks += count(fence.code)
        if (count(fence.code) === 0) faults.push(`${file}:${fence.line} is an example that asserts nothing`)
        examples.push({ file, name: nameOf(node), code: padded(fence.code, fence.line) })
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  visit(source.endOfFileToken)
  const written = text.split('\n').filter((line) => /^\s*(\/\*)?\*.*\/\/\s*=>/.test(line)).length
  if (written !== marks)
    faults.push(
      `${file}:1 has ${written} lines of comment with an assertion, of which ${marks} are in examples`,
    )
  return { examples, faults }
}

/** The programs in a page of Markdown. */
export const examplesOfMarkdown = (file: string, text: string): Extract => {
  const found = fences(text)
  const examples: Array<Example> = []
  for (const fence of found.filter(isProgram)) {
    const previous = examples.at(-1)
    const begins = !fence.continued && parse(file, fence.code).statements.some(ts.isImportDeclaration)
    const code = padded(fence.code, fence.line)
    if (previous === undefined || begins) examples.push({ file, name: fence.heading, code })
    else
      examples.splice(-1, 1, {
        ...previous,
        code: previous.code + code.slice(lineAt(previous.code, Infinity) - 1),
      })
  }
  const marks = found.filter(isProgram).reduce((sum, fence) => sum + count(fence.code), 0)
  const lost = count(text) - marks
  return {
    examples,
    faults:
      lost === 0
        ? strays(file, found)
        : [...strays(file, found), `${file}:1 has ${lost} assertions outside of programs`],
  }
}

const isExpression = (literal: string): boolean => {
  const { diagnostics } = ts.transpileModule(`(${literal})`, { reportDiagnostics: true })
  const [statement, ...rest] = parse('literal.ts', `(${literal})`).statements
  return (
    diagnostics?.length === 0 &&
    rest.length === 0 &&
    statement !== undefined &&
    ts.isExpressionStatement(statement) &&
    ts.isParenthesizedExpression(statement.expression)
  )
}

/** The expectation after a statement: from `// =>` to the end of its line, and over comment lines indented further. */
const expectation = (code: string, end: number): string | undefined => {
  const comment = ts.getTrailingCommentRanges(code, end)?.[0]
  if (comment === undefined) return undefined
  const start = /^\/\/\s*=>/.exec(code.slice(comment.pos, comment.end))
  if (start === null) return undefined
  const more = /^(?:\n[ \t]*\/\/ {4,}.*)*/.exec(code.slice(comment.end))?.[0] ?? ''
  const first = code.slice(comment.pos + start[0].length, comment.end)
  return [first, ...more.split('\n').map((line) => line.replace(/^\s*\/\//, ''))]
    .map((s) => s.trim())
    .join(' ')
    .trim()
}

/** Turns the expectations of an example into calls, or says why one cannot be checked. */
export const instrument = ({ file, code }: Example): Instrumented => {
  const faults: Array<string> = []
  const edits: Array<{ readonly from: number; readonly to: number; readonly text: string }> = []
  const source = parse('example.ts', code)
  for (const statement of source.statements) {
    const from = statement.getStart(source)
    const to = statement.getEnd()
    const expected = expectation(code, to)
    if (expected === undefined) continue
    const where = `${file}:${lineAt(code, to)}`
    const at = JSON.stringify(where)
    const failure = /^throws(?: ([A-Za-z]+)(?:: (.*))?)?$/.exec(expected)
    if (failure === null && !isExpression(expected)) {
      faults.push(`${where} expects "${expected}", which is not an expression`)
    } else if (ts.isExpressionStatement(statement)) {
      const expression = statement.expression.getText(source)
      const [, kind = 'Error', message = ''] = failure ?? []
      const text =
        failure === null
          ? `$equal(${at}, (${expression}), (${expected}));`
          : `await $throws(${at}, async () => (${expression}), ${JSON.stringify(kind)}, ${JSON.stringify(message)});`
      edits.push({ from, to, text })
    } else if (ts.isVariableStatement(statement) && failure === null) {
      const names = statement.declarationList.declarations.map(({ name }) => name)
      const name = names[0]
      if (names.length !== 1 || name === undefined || !ts.isIdentifier(name)) {
        faults.push(`${where} has an assertion on more than one name`)
        continue
      }
      const own = code.slice(from, to)
      edits.push({ from, to, text: `${own}; $equal(${at}, ${name.text}, (${expected}));` })
    }
  }
  const marks = count(code)
  if (marks !== edits.length + faults.length)
    faults.push(
      `${file}:${lineAt(code, code.search(MARK))} and below: ${marks} assertions, of which ${edits.length} end an expression or a declaration at the top level; the others would not be checked`,
    )
  const done = edits.reduceRight(
    (text, edit) => text.slice(0, edit.from) + edit.text + text.slice(edit.to),
    code,
  )
  return { code: done, assertions: edits.length, faults }
}
