/**
 * Runs the experiments, or the one that is named: `npm run experiments [name]`. Each leaves its results and its report in
 * `report/<name>`; what has been interrupted goes on from there. What they came to is kept in `measured.json`.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { keep, summarise } from './summary.js'

const here = import.meta.dirname
const root = join(here, '..', '..')

/** Modules of this folder that others share, and no experiments. */
const shared = new Set(['main', 'data', 'steps', 'summary', 'cleaning'])

const names = readdirSync(here)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace(/\.ts$/, ''))
  .filter((name) => !shared.has(name))
  .sort()

const wanted = process.argv.slice(2)
const unknown = wanted.find((name) => !names.includes(name))
if (unknown !== undefined) {
  console.error(`error: there is no experiment ${unknown} (there are ${names.join(', ')})`)
  process.exit(2)
}

for (const name of wanted.length === 0 ? names : wanted) {
  console.error(`\n${name}`)
  const source = ['--conditions=steplaw-source', '--import', 'tsx', join(root, 'src/cli/main.ts')]
  const run = ['run', join(here, `${name}.ts`), '--out', join(root, 'report', name), '--resume', '--report']
  const { status, signal } = spawnSync(process.execPath, [...source, ...run], { stdio: 'inherit', cwd: root })
  if (status !== 0) process.exit(signal === null ? (status ?? 1) : 1)
  const module: { readonly report?: { readonly title: string } } = await import(join(here, `${name}.ts`))
  keep(name, summarise(module.report?.title ?? name, join(root, 'report', name, 'results.jsonl')))
}
