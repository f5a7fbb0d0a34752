/** Reads sources with the compiler's own parser and says where they break the rules of the house. */
import { posix } from 'node:path'
import ts from 'typescript'
import { ARBITRARIES, LOADERS, NODE, ROOMS, reach } from '../../docs/house/rooms.js'

/** The text of every file, by its path from the root of the repository. */
export type Sources = ReadonlyMap<string, string>

interface Import {
  readonly specifier: string
  readonly line: number
}

/** Lines of code a file may have; comments are not held against it. */
const LONGEST = 300

/** What `Math` has that IEEE 754 and ECMAScript fix to the last bit. */
const EXACT = new Set(
  'abs ceil clz32 floor fround imul max min round sign sqrt trunc E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2'.split(
    ' ',
  ),
)
/** Names whose value depends on the day, the place or the machine. */
const CLOCKS = new Set(['Date', 'performance', 'Intl', 'Temporal'])
const PLACES = new Set(['localeCompare', 'toLocaleString', 'toLocaleLowerCase', 'toLocaleUpperCase'])
const NODE_GLOBALS = new Set([
  'process',
  'Buffer',
  'require',
  'global',
  '__dirname',
  '__filename',
  'setImmediate',
])

const parse = (path: string, text: string): ts.SourceFile =>
  ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS)

const lineOf = (node: ts.Node): number => {
  const source = node.getSourceFile()
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
}

const everyNode = (source: ts.SourceFile): ReadonlyArray<ts.Node> => {
  const nodes: Array<ts.Node> = []
  const visit = (node: ts.Node): void => {
    nodes.push(node)
    ts.forEachChild(node, visit)
  }
  ts.forEachChild(source, visit)
  return nodes
}

/** The module a node imports: a declaration, a re-export, an `import('x')` in code or in a type, a `require`. */
const specifierOf = (node: ts.Node): ts.Node | undefined => {
  if (ts.isImportDeclaration(node)) return node.moduleSpecifier
  if (ts.isExportDeclaration(node)) return node.moduleSpecifier
  if (ts.isImportTypeNode(node)) return node.argument
  const calls =
    ts.isCallExpression(node) &&
    (node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require')
  return calls ? node.arguments[0] : undefined
}

/** What stands for a module that is only known when the program runs. */
const COMPUTED = '(computed)'

const textOf = (specifier: ts.Node): string => {
  const literal = ts.isLiteralTypeNode(specifier) ? specifier.literal : specifier
  return ts.isStringLiteralLike(literal) ? literal.text : COMPUTED
}

const importsOf = (nodes: ReadonlyArray<ts.Node>): ReadonlyArray<Import> =>
  nodes.flatMap((node) => {
    const specifier = specifierOf(node)
    return specifier === undefined ? [] : [{ specifier: textOf(specifier), line: lineOf(node) }]
  })

const matches = (path: string, patterns: ReadonlyArray<RegExp>): boolean => patterns.some((p) => p.test(path))
const roomOf = (path: string) => ROOMS.find(({ folder }) => path.startsWith(`${folder}/`))
const isEntry = (path: string): boolean => path.startsWith('src/entry/')
const isRelative = (specifier: string): boolean => /^\.{1,2}\//.test(specifier)

/** The file a relative import means: `x.js` is written for `x.ts`. */
const target = (from: string, specifier: string): string =>
  posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts')

const isNode = (specifier: string): boolean => specifier.startsWith('node:')

const importFault = (path: string, specifier: string): string | undefined => {
  const room = roomOf(path)
  if (room === undefined && !isEntry(path)) return 'stands in no room of the house'
  if (isRelative(specifier)) {
    const to = target(path, specifier)
    if (!specifier.endsWith('.js') && !specifier.endsWith('.json'))
      return `imports ${specifier} without its ending`
    if (isEntry(path))
      return /^(src|spec)\//.test(to) && roomOf(to)?.name !== 'cli' ? undefined : `exports ${to}`
    if (room === undefined) return undefined
    const other = roomOf(to)
    return other !== undefined && reach(room.name).has(other.name)
      ? undefined
      : `imports ${to}, which ${room.name} may not: imports point down`
  }
  if (isNode(specifier))
    return matches(path, NODE)
      ? undefined
      : `imports ${specifier}: Node only in threads, file readers and cli`
  if (specifier === COMPUTED && matches(path, LOADERS)) return undefined
  if (specifier === 'fast-check' && matches(path, ARBITRARIES)) return undefined
  const allowed = room?.packages.some((name) =>
    name.endsWith('/') || name === '' ? specifier.startsWith(name) : specifier === name,
  )
  if (specifier.startsWith('fp-ts') && !/^fp-ts\/lib\/\w+\.js$/.test(specifier))
    return `imports ${specifier}: write fp-ts/lib/X.js, or plain Node will not find it`
  return allowed
    ? undefined
    : `imports ${specifier}, a package that ${room?.name ?? 'an entry point'} may not use`
}

/** The names a file imports or declares: its own `Buffer` is not Node's. */
const ownNames = (nodes: ReadonlyArray<ts.Node>): ReadonlySet<string> =>
  new Set(
    nodes.flatMap((node) =>
      (ts.isImportSpecifier(node) ||
        ts.isExportSpecifier(node) ||
        ts.isTypeAliasDeclaration(node) ||
        ts.isInterfaceDeclaration(node) ||
        ts.isParameter(node) ||
        ts.isVariableDeclaration(node)) &&
      ts.isIdentifier(node.name)
        ? node.name.text
        : [],
    ),
  )

/** Why a name may not be used here, if it may not. */
const nameFault = (path: string, node: ts.Identifier, own: ReadonlySet<string>): string | undefined => {
  const { parent, text } = node
  const member = ts.isPropertyAccessExpression(parent) && parent.name === node
  const key =
    (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent)) &&
    parent.name === node
  if (key) return undefined
  const inCli = path.startsWith('src/cli/')
  if (text === 'Math' && !member) {
    const used = ts.isPropertyAccessExpression(parent) ? parent.name.text : 'itself, under another name'
    return EXACT.has(used)
      ? undefined
      : `uses Math.${used}, which differs between machines: src/numeric has its own`
  }
  if (inCli || own.has(text)) return undefined
  if (member) return PLACES.has(text) ? `uses ${text}, which differs between places` : undefined
  // Threads may look at the clock: how many they are is no part of a result.
  if (CLOCKS.has(text) && !ts.isTypeNode(parent) && !path.startsWith('src/runtime/thread/'))
    return `uses ${text}: a result may not depend on when or where`
  if (NODE_GLOBALS.has(text) && !matches(path, NODE)) return `uses ${text}, which only Node has`
  return undefined
}

const isUnknown = (type: ts.TypeNode): boolean => type.kind === ts.SyntaxKind.UnknownKeyword

const nodeFault = (path: string, node: ts.Node, names: ReadonlySet<string>): string | undefined => {
  if (ts.isIdentifier(node)) return nameFault(path, node, names)
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken
    const exact =
      (ts.isNumericLiteral(node.left) && node.left.text === '2') || node.left.getText().endsWith('n')
    if (
      kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken ||
      (kind === ts.SyntaxKind.AsteriskAsteriskToken && !exact)
    )
      return 'uses ** on something else than 2: use pow of src/numeric'
  }
  if (ts.isAsExpression(node) && ts.isAsExpression(node.expression) && isUnknown(node.expression.type))
    return 'casts by way of unknown'
  if (ts.isAwaitExpression(node) && ts.findAncestor(node, ts.isFunctionLike) === undefined)
    return 'awaits at the top level, so that require() would fail'
  return undefined
}

const commentFaults = (path: string, text: string): ReadonlyArray<string> =>
  path.startsWith('src/runtime/')
    ? []
    : text
        .split('\n')
        .flatMap((line, i) =>
          /@ts-(ignore|expect-error|nocheck)|biome-ignore/.test(line)
            ? [`${path}:${i + 1} silences a check`]
            : [],
        )

/** One cycle of imports among the files for each file that starts one, as the list of its files. */
const cycles = (edges: ReadonlyMap<string, ReadonlyArray<string>>): ReadonlyArray<string> => {
  const found: Array<string> = []
  const done = new Set<string>()
  const walk = (file: string, trail: ReadonlyArray<string>): void => {
    const at = trail.indexOf(file)
    if (at >= 0) found.push(`${[...trail.slice(at), file].join(' -> ')} is a cycle`)
    if (at >= 0 || done.has(file)) return
    for (const next of edges.get(file) ?? []) walk(next, [...trail, file])
    done.add(file)
  }
  for (const file of edges.keys()) walk(file, [])
  return found
}

/** Every breach of the rules in these sources, each beginning with `file:line`, or with the file. */
export const faults = (sources: Sources): ReadonlyArray<string> => {
  const parsed = [...sources].map(([path, text]) => {
    const nodes = everyNode(parse(path, text))
    return { path, text, nodes, imports: importsOf(nodes) }
  })
  const own = parsed.flatMap(({ path, text, nodes, imports }) => {
    const lines = text.split('\n').filter((line) => !/^\s*(\/?\*|\/\/|$)/.test(line)).length
    const names = ownNames(nodes)
    return [
      ...(lines > LONGEST
        ? [`${path} has ${lines} lines of code, more than ${LONGEST}: a file has one purpose`]
        : []),
      ...commentFaults(path, text),
      ...imports.flatMap(({ specifier, line }) => {
        const fault = importFault(path, specifier)
        return fault === undefined ? [] : [`${path}:${line} ${fault}`]
      }),
      ...nodes.flatMap((node) => {
        const fault = nodeFault(path, node, names)
        return fault === undefined ? [] : [`${path}:${lineOf(node)} ${fault}`]
      }),
    ]
  })
  const edges = new Map(
    parsed.map(({ path, imports }) => [
      path,
      imports
        .filter(({ specifier }) => isRelative(specifier))
        .map(({ specifier }) => target(path, specifier)),
    ]),
  )
  return [...own, ...cycles(edges)]
}
