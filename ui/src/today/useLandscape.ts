import { onScopeDispose, ref, type Ref } from 'vue'

/** Whether there is room for two panes side by side. */
export function useLandscape(): Ref<boolean> {
  const query = window.matchMedia('(min-width: 1000px) and (orientation: landscape)')
  const wide = ref(query.matches)
  const follow = (): void => {
    wide.value = query.matches
  }
  query.addEventListener('change', follow)
  onScopeDispose(() => query.removeEventListener('change', follow))
  return wide
}
