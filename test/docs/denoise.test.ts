/** The example that takes noise from an image prints what it says it prints, and the image is better for it. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const path = 'examples/denoise.ts'

test('an example takes the noise from an image', async () => {
  const text = readFileSync(join(root, path), 'utf8')
  const [, said = ''] = /```text\n([\s\S]*?) \* ```/.exec(text) ?? []
  const [, command = ''] = /Run by `node (.*?)`/.exec(text) ?? []
  const { stdout, stderr } = await promisify(execFile)(process.execPath, command.split(' '), { cwd: root })
  expect(stderr).toBe('')
  expect(command).toContain(path)
  expect(stdout).toBe(said.replaceAll(/^ \* /gm, ''))
  const [noisy = 0, restored = 0] = [...stdout.matchAll(/([\d.]+) dB/g)].map(([, x]) => Number(x))
  expect(restored).toBeGreaterThan(noisy + 10)
})
