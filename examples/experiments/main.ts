/**
 * Runs the experiments, or those that are named: `npm run experiments [name ...]`. Each leaves its results and its report in
 * `report/<name>`; what has been interrupted goes on from there. `report/experiments.html` shows all that are there, a section each.
 * What they came to is kept in `measured.json` and `studied.json`.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isLeft } from 'fp-ts/lib/Either.js'
import { finishedRuns } from '../../src/cli/experiment/finished.js'
import { type Part, renderPage, reportPart } from '../../src/cli/report/index.js'
import { findingsIn, runStudy, type Study, studyPart } from './study/study.js'
import { keep, keepFindings, summarise } from './summary.js'

const here = import.meta.dirname
const root = join(here, '..', '..')

/** Modules of this folder that others share, and no experiments. */
const shared = new Set(['main', 'data', 'steps', 'summary', 'cleaning'])

const names = readdirSync(here)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace(/\.ts$/, ''))
  .filter((name) => !shared.has(name))
  .sort()

interface Module {
  readonly default: object
  readonly report?: { readonly title: string }
}

const load = (name: string): Promise<Module> => import(join(here, `${name}.ts`))
const folderOf = (name: string): string => join(root, 'report', name)
const isStudy = (u: object): u is Study<unknown> => 'cells' in u

const refuse = (text: string): never => {
  console.error(`error: ${text}`)
  process.exit(2)
}

const runMethods = (name: string, title: string): void => {
  const source = ['--conditions=steplaw-source', '--import', 'tsx', join(root, 'src/cli/main.ts')]
  const run = ['run', join(here, `${name}.ts`), '--out', folderOf(name), '--resume', '--report']
  const { status, signal } = spawnSync(process.execPath, [...source, ...run], { stdio: 'inherit', cwd: root })
  if (status !== 0) process.exit(signal === null ? (status ?? 1) : 1)
  keep(name, summarise(title, join(folderOf(name), 'results.jsonl')))
}

const runCells = async (name: string, study: Study<unknown>): Promise<void> => {
  const out = folderOf(name)
  await runStudy(study, out, (text) => console.error(`  ${text}`))
  const [part, findings] = [studyPart(study, out), findingsIn(study, out)]
  if (part === null || findings === null) return
  writeFileSync(join(out, 'index.html'), renderPage(part))
  keepFindings(name, { title: study.title, description: study.description, tables: findings.tables })
  console.error(`the report in ${join('report', name, 'index.html')}`)
}

/** The section of an experiment in the page of all; null for one that has not been run. */
const section = async (name: string): Promise<Part | null> => {
  const out = folderOf(name)
  if (!existsSync(join(out, 'results.jsonl'))) return null
  const { default: experiment } = await load(name)
  if (isStudy(experiment)) return studyPart(experiment, out)
  const data = await finishedRuns(join(here, `${name}.ts`), out)
  // Results of another edition of the experiment: its next run says so.
  if (isLeft(data)) return null
  return reportPart({ ...data.right, raw: { ...data.right.raw, folder: name } })
}

const wanted = process.argv.slice(2)
const unknown = wanted.find((name) => !names.includes(name))
if (unknown !== undefined) refuse(`there is no experiment ${unknown} (there are ${names.join(', ')})`)

for (const name of wanted.length === 0 ? names : wanted) {
  console.error(`\n${name}`)
  const { default: experiment, report } = await load(name)
  if (isStudy(experiment)) await runCells(name, experiment)
  else runMethods(name, report?.title ?? name)
}

mkdirSync(join(root, 'report'), { recursive: true })
const sections: Array<Part> = []
for (const name of names) {
  const part = await section(name)
  if (part !== null) sections.push(part)
}
const [first, ...others] = sections
if (first !== undefined) {
  writeFileSync(join(root, 'report', 'experiments.html'), renderPage(first, ...others))
  console.error(
    `\n${sections.length} of ${names.length} experiments in ${join('report', 'experiments.html')}`,
  )
}
