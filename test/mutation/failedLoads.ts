import type { Reporter, Vitest } from 'vitest/node'

/** A test file as far as it concerns us. */
interface TestFile {
  readonly result?: { readonly errors?: ReadonlyArray<unknown> }
  readonly tasks: Array<object>
}

/**
 * A mutant that breaks a module as it loads leaves a test file without tests. Stryker counts the tests that failed, and would
 * call that mutant a survivor; so a file that failed to load is given a test that failed.
 */
export const failedLoads = (): Reporter => {
  let vitest: Vitest | undefined
  return {
    onInit: (it) => {
      vitest = it
    },
    onTestRunEnd: () => {
      const files: ReadonlyArray<TestFile> = vitest?.state.getFiles() ?? []
      for (const file of files) {
        const errors = file.result?.errors ?? []
        if (errors.length > 0)
          file.tasks.push({
            type: 'test',
            name: 'loads',
            mode: 'run',
            file,
            result: { state: 'fail', errors },
          })
      }
    },
  }
}
