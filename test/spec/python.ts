/** The Python of this machine, where it has one. */
import { spawnSync } from 'node:child_process'

/** Its command, if it is new enough (3.9). */
export const python: string | undefined = ['python3', 'python'].find(
  (command) =>
    spawnSync(command, ['-c', 'import sys; sys.exit(0 if sys.version_info >= (3, 9) else 1)']).status === 0,
)
