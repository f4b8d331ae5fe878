import type { SignOutcome, SignRequest } from '@/backend'

/** A signature before the digest of what was shown is added. */
export type Signing = Omit<SignRequest, 'digest'>

/** Why there is no plain signature. */
export interface Unsigned {
  outcome: Exclude<SignOutcome, 'signed'>
  reason: string
  callback: string
}

/** Enough figures to be a number that can be called; the backend asks for the same. */
export const callable = (text: string) => (text.match(/\d/g) ?? []).length >= 5
