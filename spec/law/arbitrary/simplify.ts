import fc from 'fast-check'

/** Values that shrink to simpler ones that are named, before anything else. */
class Simplified<A> extends fc.Arbitrary<A> {
  readonly #drawn: fc.Arbitrary<A>
  readonly #simpler: (value: A) => ReadonlyArray<A> | 'simplest'

  constructor(drawn: fc.Arbitrary<A>, simpler: (value: A) => ReadonlyArray<A> | 'simplest') {
    super()
    this.#drawn = drawn
    this.#simpler = simpler
  }

  override generate(random: fc.Random, bias: number | undefined): fc.Value<A> {
    return this.#drawn.generate(random, bias)
  }

  override canShrinkWithoutContext(value: unknown): value is A {
    return this.#drawn.canShrinkWithoutContext(value)
  }

  override shrink(value: A, context: unknown): fc.Stream<fc.Value<A>> {
    const simpler = this.#simpler(value)
    if (simpler === 'simplest') return fc.Stream.nil()
    const first = simpler.map((named) => new fc.Value(named, undefined))
    return fc.Stream.of(...first).join(this.#drawn.shrink(value, context))
  }
}

/**
 * The same values, which shrink to what `simpler` says of each before anything else, and not at all where it says that a value
 * is the simplest. What is named must shrink without a history, and be smaller by some measure that every shrink lessens.
 */
export const simplify = <A>(
  drawn: fc.Arbitrary<A>,
  simpler: (value: A) => ReadonlyArray<A> | 'simplest',
): fc.Arbitrary<A> => new Simplified(drawn, simpler)
