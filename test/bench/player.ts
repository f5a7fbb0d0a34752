import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Answer, Ask } from './protocol.js'

/** The command that starts an engine. */
export interface Command {
  readonly file: string
  readonly arguments: ReadonlyArray<string>
  readonly environment?: NodeJS.ProcessEnv
}

/** The longest that an answer may take, in milliseconds. */
const PATIENCE = 180_000

/** An engine in its process. It is started when it is first asked something, and again if it has ended since. */
export class Player {
  readonly #command: Command
  #child: ChildProcessWithoutNullStreams | null = null
  /** Who waits for the next line. */
  #waiting: ((answer: Answer) => void) | null = null
  #complaint = ''

  constructor(command: Command) {
    this.#command = command
  }

  /** Starts the process; its first words say whether there is such an engine. */
  async start(): Promise<Answer> {
    const { file, arguments: given, environment = process.env } = this.#command
    const child = spawn(file, given, { env: environment, stdio: 'pipe' })
    this.#child = child
    this.#complaint = ''
    const ended = (why: string): void => {
      if (this.#child === child) this.#child = null
      this.#answer({ error: why })
    }
    child.on('error', (error) => ended(error.message))
    child.on('close', (code, signal) => ended(`it ended (${signal ?? code}) ${this.#complaint}`.trim()))
    child.stdin.on('error', () => {})
    child.stderr.on('data', (text: Buffer) => {
      this.#complaint = (this.#complaint + text.toString()).slice(-300)
    })
    // What libraries print there besides is none of ours.
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('{')) this.#answer(JSON.parse(line))
    })
    return this.#next()
  }

  /** One question, one answer; whatever goes wrong is an answer too. */
  async ask(question: Ask): Promise<Answer> {
    if (this.#child === null) {
      const first = await this.start()
      if (!('ready' in first)) return first
    }
    const answer = this.#next()
    this.#child?.stdin.write(`${JSON.stringify(question)}\n`)
    return answer
  }

  stop(): void {
    this.#child?.kill()
  }

  #answer(answer: Answer): void {
    const waiting = this.#waiting
    this.#waiting = null
    waiting?.(answer)
  }

  #next(): Promise<Answer> {
    return new Promise((resolve) => {
      const clock = setTimeout(() => {
        this.#child?.kill('SIGKILL')
        this.#answer({ error: `no answer within ${PATIENCE / 1000} s` })
      }, PATIENCE)
      this.#waiting = (answer) => {
        clearTimeout(clock)
        resolve(answer)
      }
    })
  }
}
