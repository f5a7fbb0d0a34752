/** Builds the documentation of a package and says everything that is not in order with it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type MarkdownIt from 'markdown-it'
import { Application, type Context, Converter, Logger, LogLevel, PageEvent, TSConfigReader } from 'typedoc'
import ts from 'typescript'
import { readBibliography } from './bibliography.js'
import { installCitations } from './citations.js'
import { CATEGORIES, installCoverage } from './coverage.js'
import { mathematics } from './mathematics.js'
import { siteFaults } from './site.js'
import { installTitles } from './titles.js'

/** TypeDoc knows the anchors of headings alone. site.ts looks for all of them, in the finished pages. */
const GUESSED = 'but the anchor does not exist'

/** Keeps warnings and errors; there is no such thing as a harmless one. */
class Faults extends Logger {
  readonly found: Array<string> = []
  override log(message: string, level: LogLevel): void {
    super.log(message, level)
    if (level >= LogLevel.Warn && !message.includes(GUESSED)) this.found.push(message)
  }
}

/** The sources behind the exports map: what a user can import is what is documented. */
const entryPoints = (root: string): Array<string> => {
  const { exports }: { exports: { [path: string]: string | { [condition: string]: string } } } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  )
  return Object.values(exports).flatMap((target) =>
    typeof target === 'string' ? [] : join(root, target['steplaw-source'] ?? ''),
  )
}

/** The guides in the order in which their index links to them. */
const guides = (root: string, fail: (message: string) => void): Array<string> => {
  const index = readFileSync(join(root, 'docs/guide/index.md'), 'utf8')
  const listed = [...index.matchAll(/\]\((?:\.\/)?([\w-]+\.md)\)/g)].map(([, file = '']) => file)
  for (const file of readdirSync(join(root, 'docs/guide')))
    if (file.endsWith('.md') && file !== 'index.md' && !listed.includes(file))
      fail(`docs/guide/index.md does not link to ${file}`)
  const pages = ['index.md', ...listed].map((file) => join(root, 'docs/guide', file))
  for (const page of pages)
    if (/\\[{}]/.test(readFileSync(page, 'utf8')))
      fail(`${page} has a brace with a backslash, which TypeDoc drops: write \\lbrace`)
  return pages
}

/**
 * TypeDoc takes `\{` in a comment for an escaped brace, and `$\max\{0, 1\}$` would lose its braces without a word. While
 * it reads, it is shown the same brace under its other name. Returns a function that ends this.
 */
const keepBraces = (): (() => void) => {
  const { readFile } = ts.sys
  ts.sys.readFile = (path, encoding) => {
    const text = readFile(path, encoding)
    return path.endsWith('.ts') && !path.includes('node_modules')
      ? text?.replace(/^\s*\/?\*.*$/gm, (line) =>
          line.replace(/\\\{(?!@)/g, '\\lbrace ').replace(/\\\}/g, '\\rbrace '),
        )
      : text
  }
  return () => {
    ts.sys.readFile = readFile
  }
}

/**
 * Builds the site of the package under `root` into `out`. `plumbing` names the types that public types are made of and
 * that are not exported, as `path:name`. Returns what is wrong: an export that is undocumented or
 * lacks its category, version or example; a broken link, citation or formula; any other warning.
 */
export const buildDocs = async (
  root: string,
  out: string,
  plumbing: ReadonlyArray<string> = [],
): Promise<ReadonlyArray<string>> => {
  const faults = new Faults()
  const fail = (message: string): void => faults.error(message)
  const app = await Application.bootstrap(
    {
      name: 'steplaw',
      tsconfig: join(root, 'src/tsconfig.json'),
      basePath: root,
      entryPoints: entryPoints(root),
      alwaysCreateEntryPointModule: true,
      projectDocuments: guides(root, fail),
      readme: join(root, 'README.md'),
      includeVersion: true,
      out,
      customCss: join(import.meta.dirname, 'theme.css'),
      disableGit: true,
      sourceLinkTemplate: '{path}#{line}',
      hideGenerator: true,
      headings: { readme: false, document: false },
      githubPages: false,
      excludeInternal: true,
      categorizeByGroup: false,
      categoryOrder: [...CATEGORIES, '*'],
      groupOrder: ['Guides', 'Modules', '*'],
      sort: ['source-order'],
      sortEntryPoints: false,
      navigation: {
        includeCategories: true,
        includeGroups: false,
        includeFolders: false,
        excludeReferences: true,
      },
      useFirstParagraphOfCommentAsSummary: true,
      searchInComments: true,
      searchInDocuments: true,
      visibilityFilters: {},
      // What errors inherit from Node's types has its examples in JavaScript.
      highlightLanguages: ['ts', 'js', 'json', 'bash', 'console', 'python', 'diff', 'wasm'],
      intentionallyNotExported: [...plumbing],
      // Functions are seen to in coverage.ts: here the word would take in every field that holds one.
      requiredToBeDocumented: ['Module', 'Namespace', 'Enum', 'Variable', 'Class', 'Interface', 'TypeAlias'],
      validation: {
        notExported: true,
        invalidLink: true,
        invalidPath: true,
        rewrittenLink: true,
        notDocumented: true,
        unusedMergeModuleWith: true,
      },
    },
    [new TSConfigReader()],
  )
  app.logger = faults

  let page = ''
  app.renderer.on(PageEvent.BEGIN, (event: PageEvent) => {
    page = event.url
  })
  const cite = installCitations(app, readBibliography(join(root, 'docs/bibliography.json')))
  const titles = installTitles(app)
  const math = mathematics((message) => fail(`${page}: ${message}`))
  app.options.setValue('markdownItLoader', (md: MarkdownIt) => {
    cite(md)
    math(md)
    titles(md)
  })
  installCoverage(app)
  // "Defined in src/rule/atom/polyak.ts:12", without a link: the same site wherever it is built.
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }: Context) => {
    for (const reflection of Object.values(project.reflections))
      if (reflection.isDeclaration() || reflection.isSignature())
        for (const source of reflection.sources ?? []) delete source.url
  })

  const giveBack = keepBraces()
  const project = await app.convert().finally(giveBack)
  if (project !== undefined) {
    app.validate(project)
    await app.generateOutputs(project)
    for (const fault of siteFaults(out)) fail(fault)
  }
  return faults.found
}
