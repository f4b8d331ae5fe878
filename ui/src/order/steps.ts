import type { IconName } from '@/components/icons'
import type { Step } from './useOrder'

/** Icons of the primary button: before the word, or behind it when it leads on. */
export const STEPS: Record<Step, { icon?: IconName; after?: IconName }> = {
  contact: { icon: 'phone' },
  agree: { icon: 'calendar' },
  kit: { icon: 'box' },
  depart: { after: 'go' },
  arrive: { after: 'go' },
  continue: { after: 'go' },
  mend: { icon: 'pen' },
  revisit: { after: 'go' },
  look: { icon: 'file' },
}
