import { fail } from '../../autodiff/primitive.js'
import type { Code, Local } from '../assembler/code.js'
import type { Simd } from '../assembler/opcodes.js'
import type { Graph, GraphNode, Level } from './graph.js'
import type { Scalars } from './scalars.js'

const COMMUTATIVE: ReadonlySet<Simd> = new Set(['f64x2.add', 'f64x2.mul', 'v128.and', 'v128.or', 'v128.xor'])

/** Puts an input on the stack, both lanes filled. */
export type Load = (index: number, part: number) => void

/** The checks on the way, and how to leave when the stack holds true. */
export interface Checks {
  readonly nodes: ReadonlyArray<number>
  readonly refuse: () => void
}
const none: Checks = { nodes: [], refuse: () => {} }

/**
 * Writes the nodes of a graph that some roots need as code, in the order in which they were made. Locals are given back after
 * the last read; a value that the next instruction reads, and nothing else, stays on the stack.
 */
export class Writer {
  readonly #code: Code
  readonly #graph: Graph
  readonly #scalars: Scalars
  /** What was computed before the loop that reads it, for good. */
  readonly #fixed = new Map<number, Local>()
  readonly #held = new Map<number, Local>()
  /** How often each node will still be read. */
  #left = new Uint32Array(0)
  readonly #free: Local[] = []
  #flags: Local | null = null
  #refuse = none.refuse
  /** The node whose value lies on the stack. */
  #top: number | null = null

  constructor(code: Code, graph: Graph, scalars: Scalars) {
    this.#code = code
    this.#graph = graph
    this.#scalars = scalars
  }

  /** Computes, before a loop, what of `roots` and their arguments does not change in it. */
  hoist(level: Level, roots: ReadonlyArray<number>, load: Load): void {
    const wanted = new Set(roots.filter((id) => this.#graph.level(id) <= level))
    for (const id of this.#needed(roots)) {
      if (this.#graph.node(id).kind === 'constant') wanted.add(id)
      if (this.#graph.level(id) <= level) continue
      for (const a of this.#args(id)) if (this.#graph.level(a) <= level) wanted.add(a)
    }
    for (const [id, local] of this.write([...wanted], load)) {
      this.#fixed.set(id, local)
      this.#held.delete(id)
    }
  }

  /** Computes the roots, each into a local that stays until {@link release}. */
  write(roots: ReadonlyArray<number>, load: Load, checks: Checks = none): ReadonlyMap<number, Local> {
    const needed = this.#needed([...roots, ...checks.nodes])
    this.#refuse = checks.refuse
    this.#left = new Uint32Array(this.#graph.size)
    for (const id of needed) for (const a of this.#args(id)) this.#count(a)
    for (const id of roots) this.#count(id)
    for (const id of needed) this.#node(id, load)
    this.#settle()
    return new Map(roots.map((id) => [id, this.#localOf(id, load)]))
  }

  /** Gives back the locals of the last {@link write}. */
  release(): void {
    this.#free.push(...this.#held.values())
    this.#held.clear()
  }

  #args(id: number): ReadonlyArray<number> {
    const node = this.#graph.node(id)
    return 'args' in node ? node.args : []
  }

  /** What the roots need and is not computed yet, arguments first. */
  #needed(roots: ReadonlyArray<number>): ReadonlyArray<number> {
    const seen = new Uint8Array(this.#graph.size)
    const stack = [...roots]
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      if (seen[id] === 1 || this.#fixed.has(id)) continue
      seen[id] = 1
      for (const a of this.#args(id)) stack.push(a)
    }
    const needed: number[] = []
    for (let id = 0; id < seen.length; id += 1) if (seen[id] === 1) needed.push(id)
    return needed
  }

  #count(id: number): void {
    this.#left[id] = (this.#left[id] ?? 0) + 1
  }

  #take(): Local {
    return this.#free.pop() ?? this.#code.local('v128')
  }

  /** Takes what lies on the stack into a local. */
  #hold(id: number): Local {
    const local = this.#take()
    this.#code.set(local)
    this.#held.set(id, local)
    return local
  }

  #settle(): void {
    if (this.#top !== null) this.#hold(this.#top)
    this.#top = null
  }

  /** The local of a value; an input is loaded when it is first wanted. */
  #localOf(id: number, load: Load): Local {
    const known = this.#fixed.get(id) ?? this.#held.get(id)
    if (known !== undefined) return known
    const node = this.#graph.node(id)
    if (node.kind !== 'input') return fail('lanes', `node ${id} is read before it is computed`)
    load(node.index, node.part)
    return this.#hold(id)
  }

  /** One read less to come: the last gives the local back. */
  #readDone(id: number): void {
    const left = (this.#left[id] ?? 0) - 1
    this.#left[id] = left
    const local = this.#held.get(id)
    if (left > 0 || local === undefined) return
    this.#held.delete(id)
    this.#free.push(local)
  }

  #get(id: number, load: Load): void {
    const node = this.#graph.node(id)
    if (node.kind === 'input' && this.#left[id] === 1 && !this.#fixed.has(id) && !this.#held.has(id))
      load(node.index, node.part)
    else this.#code.get(this.#localOf(id, load))
    this.#readDone(id)
  }

  /** Puts arguments on the stack, of which the first (or, where order does not matter, any) may lie there already. */
  #operands(args: ReadonlyArray<number>, commutative: boolean, load: Load): void {
    const at = this.#top === null ? -1 : args.indexOf(this.#top)
    const stays = at === 0 || (at === 1 && commutative)
    if (!stays) this.#settle()
    this.#top = null
    args.forEach((id, i) => {
      if (!stays || i !== at) this.#get(id, load)
    })
  }

  #node(id: number, load: Load): void {
    const node = this.#graph.node(id)
    const code = this.#code
    switch (node.kind) {
      case 'input':
        return
      case 'constant':
        this.#settle()
        code.i64x2(node.bits)
        break
      case 'vector':
        this.#operands(node.args, COMMUTATIVE.has(node.op), load)
        code.simd(node.op)
        break
      case 'shift':
        this.#operands(node.args, false, load)
        code.i32(node.by).simd(node.op)
        break
      case 'check':
        this.#operands(node.args, false, load)
        code.simd('i64x2.bitmask').i32(3).op('i32.ne')
        this.#refuse()
        return
      case 'usually':
        this.#usually(node, load)
        break
      case 'each':
        this.#each(node, load)
        break
    }
    if (this.#left[id] === 1) this.#top = id
    else this.#hold(id)
  }

  #usually({ name, args: [mask, fast, x] }: Extract<GraphNode, { kind: 'usually' }>, load: Load): void {
    const code = this.#code
    this.#settle()
    this.#flags ??= code.local('i32')
    const flags = this.#flags
    const argument = this.#localOf(x, load)
    const result = this.#take()
    this.#get(fast, load)
    code.set(result)
    this.#get(mask, load)
    code.simd('i64x2.bitmask').tee(flags).i32(3).op('i32.ne')
    code.when(() => {
      for (const lane of [0, 1] as const) {
        code
          .get(flags)
          .i32(lane + 1)
          .op('i32.and')
          .op('i32.eqz')
        code.when(() => {
          code.get(result, argument).lane('f64x2.extract_lane', lane).call(this.#scalars[name])
          code.lane('f64x2.replace_lane', lane).set(result)
        })
      }
    })
    code.get(result)
    this.#free.push(result)
    this.#readDone(x)
  }

  #each({ name, args }: Extract<GraphNode, { kind: 'each' }>, load: Load): void {
    const code = this.#code
    this.#settle()
    const locals = args.map((id) => this.#localOf(id, load))
    const call = (lane: 0 | 1): Code => {
      for (const local of locals) code.get(local).lane('f64x2.extract_lane', lane)
      return code.call(this.#scalars[name])
    }
    call(0).simd('f64x2.splat')
    call(1).lane('f64x2.replace_lane', 1)
    for (const id of args) this.#readDone(id)
  }
}
