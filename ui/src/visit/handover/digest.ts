import type { Attested, Statement } from '@/backend'

/**
 * SHA-256 of what stands on the customer's screen, as hex. The signature binds it, so it is worked out here,
 * from the very content shown: should the visit have changed meanwhile, the backend refuses the signature.
 */
export async function digestOf(shown: Attested | Statement): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(shown))
  const hash = await crypto.subtle.digest('SHA-256', bytes)
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
