/** Before the tests of a file: fast-check draws from the seed of the suite (seed.ts). */
import fc from 'fast-check'
import { inject } from 'vitest'

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: inject('seed') })
