import { computed, ref, watch, type ComputedRef, type Ref } from 'vue'
import type { Relation } from '@/backend'
import { useText } from '@/i18n'

/** Who signs on the customer's screen: what was chosen and typed, and what is still lacking. */
export interface Signer {
  relation: Ref<Relation | null>
  name: Ref<string>
  /** The first thing that is lacking, in words; null when relation and name are there. */
  lacks: ComputedRef<string | null>
}

/** Asks who signs; `customer` is the name on the order. */
export function useSigner(customer: () => string): Signer {
  const t = useText()
  const relation = ref<Relation | null>(null)
  const name = ref('')

  // never ask what the device knows: the customer's own name is on the order
  watch(relation, (now, before) => {
    if (now === 'customer' && !name.value.trim()) name.value = customer()
    else if (before === 'customer' && name.value === customer()) name.value = ''
  })

  const lacks = computed(() => {
    if (!relation.value) return t('sign.needRelation')
    return name.value.trim() ? null : t('sign.needName')
  })
  return { relation, name, lacks }
}
