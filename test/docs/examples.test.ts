/** Every example of the documentation compiles, runs and gives what it says it gives. */
import { describe, expect, test } from 'vitest'
import { allExamples } from './examples.js'
import { instrument } from './extract.js'
import { runExample, typeErrors } from './run.js'

const extracts = allExamples()
const examples = extracts.flatMap((extract) => extract.examples)
const programs = examples.map((example) => ({ example, ...instrument(example) }))

test('every assertion in the documentation is one that runs', () => {
  expect([...extracts, ...programs].flatMap(({ faults }) => faults)).toEqual([])
})

describe('an example', () => {
  const errors = typeErrors(programs)
  programs.forEach((program, i) => {
    const name = `${program.example.file} ${program.example.name}`
    const run = async (): Promise<void> => {
      expect(errors[i]).toEqual([])
      await runExample(program, (specifier) => import(specifier))
    }
    // An example that registers tests is run where tests are registered, and they run with the others.
    if (program.code.includes("'steplaw/vitest'")) describe(name, run)
    else test(name, run)
  })
})
