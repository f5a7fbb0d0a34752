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
    test(`${program.example.file} ${program.example.name}`, async () => {
      expect(errors[i]).toEqual([])
      await runExample(program, (specifier) => import(specifier))
    })
  })
})
