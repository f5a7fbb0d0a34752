/** What the guides show of the command line is what it prints. `vitest -u` writes it anew. */
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const guides = join(root, 'docs/guide')

/** Where the modules lie that the guides put to the command line. */
const examples = join(root, 'examples/check')

/** A session: a line as one types it, and what comes back. */
const SESSION = /```console\n\$ npx steplaw (.*)\n[\s\S]*?```/g

/** From the sources, so that the modules of the examples import this library by its name. */
const steplaw = async (line: string): Promise<string> => {
  const node = `'${process.execPath}' --conditions=steplaw-source --import tsx '${join(root, 'src/cli/main.ts')}'`
  const ran = promisify(execFile)('sh', ['-c', `${node} ${line}`], { cwd: examples })
  // A rule that breaks a law is an exit code, not an accident.
  const { stdout, stderr } = await ran.catch((failed: { stdout: string; stderr: string }) => failed)
  return `${stderr}${stdout}`
}

const pages = readdirSync(guides)
  .filter((file) => file.endsWith('.md'))
  .map((file) => ({ file, text: readFileSync(join(guides, file), 'utf8') }))
  .filter(({ text }) => text.match(SESSION) !== null)

test.each(pages)('$file shows what the command line prints', { timeout: 300_000 }, async ({ file, text }) => {
  const lines = [...text.matchAll(SESSION)].map(([, line = '']) => line)
  const printed = await Promise.all(lines.map(steplaw))
  // What is replayed is what was found above.
  for (const [, path = ''] of lines.join('\n').matchAll(/ (--path \S+)/g))
    expect(printed.filter((output) => output.includes(path))).not.toEqual([])
  const sessions = lines.map((line, i) => `\`\`\`console\n$ npx steplaw ${line}\n${printed[i]}\`\`\``)
  let next = 0
  const real = text.replace(SESSION, () => sessions[next++] ?? '')
  await expect(real).toMatchFileSnapshot(join(guides, file))
})

test('the module that is checked is the one that the guide writes', () => {
  const page = readFileSync(join(guides, 'check-your-own-rule.md'), 'utf8')
  const fences = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code)
  const parts = fences.filter((code) => code.includes('export const'))
  expect(parts.join('\n')).toBe(readFileSync(join(examples, 'smoothed.mjs'), 'utf8'))
})
