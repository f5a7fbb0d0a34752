/** The families of laws, in the order of the catalogue, with a word on each. */
import { allLaws, type Law } from 'steplaw/laws'

/** Laws that belong together. */
export interface Family {
  readonly title: string
  /** What they say together. */
  readonly about: string
  readonly laws: ReadonlyArray<Law>
}

const about = {
  Lattice:
    'An outcome is a failure, or a step in $[0, \\infty]$; failure is the least. `max` and `min` of rules are the greater and the lesser of their outcomes on every ray, and so they obey what `max` and `min` of numbers obey. These are the laws that allow an expression to be rearranged.',
  Action:
    'The other combinators: `orElse` takes the first outcome that is not a failure, `scale` multiplies. And what `max` and `min` promise their operands: the outcome is that of one of them, and every operand goes on watching, also where it loses.',
  Machine:
    'A rule is a machine: a state in JSON, and a function of state and ray. These laws are what makes a run repeatable, a state storable, and a rule no more expensive in company than alone.',
  Meaning:
    'What each word of the vocabulary means, as an equation with something simpler or as a closed form that rounds nothing. The rules they are tried on are given by the law; a library that implements the standard obeys them all.',
  Claims:
    "What does not hold of every rule, but can be claimed of one and is then put to it: `{ claim: 'polyak', c: 1 }`. The cases shown are of claims with example parameters.",
} as const

type Title = keyof typeof about

const familyOf = ({ of, id }: Law): Title => {
  if (of === 'vocabulary') return 'Meaning'
  if (of !== 'rule') return 'Claims'
  return id.startsWith('lattice.') ? 'Lattice' : id.startsWith('machine.') ? 'Machine' : 'Action'
}

const titles: ReadonlyArray<Title> = ['Lattice', 'Action', 'Machine', 'Meaning', 'Claims']

/** Every law in its family. */
export const families: ReadonlyArray<Family> = titles.map((title) => ({
  title,
  about: about[title],
  laws: allLaws.filter((law) => familyOf(law) === title),
}))
