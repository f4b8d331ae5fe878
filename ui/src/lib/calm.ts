// Whether the page may change by itself: not while a finger is on it, somebody types, or a sheet lies over it.
import { computed, onBeforeUnmount, onMounted, ref, watch } from 'vue'

const fingers = ref<ReadonlySet<number>>(new Set())
const typing = ref(false)
/** Sheets, pads and open readings: everything that holds what is not saved yet. */
const held = ref(0)

/** The camera or the file window is open: what it brings must find the row that it was asked for. */
const choosing = ref(false)

/** Nothing that moves now would move under somebody's hands. */
export const calm = computed(
  () => fingers.value.size === 0 && !typing.value && !choosing.value && held.value === 0,
)

const NOT_TYPED = ['search', 'radio', 'checkbox', 'file', 'button', 'submit', 'range']

function isTyped(element: Element | null): boolean {
  if (element instanceof HTMLInputElement) return !NOT_TYPED.includes(element.type)
  return element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement
}

// a field that is taken away says no word, so every sign of life is a reason to look
function look(): void {
  typing.value = isTyped(document.activeElement)
}

function press(event: PointerEvent): void {
  // whoever touches the page has no file window over it, even when it closed without a word
  choosing.value = false
  fingers.value = new Set([...fingers.value, event.pointerId])
}

function lift(event: PointerEvent): void {
  fingers.value = new Set([...fingers.value].filter((id) => id !== event.pointerId))
  look()
}

document.addEventListener('pointerdown', press, true)
document.addEventListener('pointerup', lift, true)
document.addEventListener('pointercancel', lift, true)
for (const sign of ['focusin', 'focusout', 'keyup']) document.addEventListener(sign, look, true)
for (const sign of ['click', 'change', 'cancel']) {
  document.addEventListener(
    sign,
    ({ target }) => {
      if (target instanceof HTMLInputElement && target.type === 'file') {
        choosing.value = sign === 'click'
      }
    },
    true,
  )
}
window.addEventListener('blur', () => (fingers.value = new Set()))

/** While this component is there, nothing on the page changes by itself. */
export function useHold(): void {
  onMounted(() => (held.value += 1))
  onBeforeUnmount(() => (held.value -= 1))
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}

function untilCalm(): Promise<void> {
  return new Promise((resolve) => {
    const stop = watch(calm, (now) => {
      if (!now) return
      stop()
      resolve()
    })
  })
}

/** Resolves when the page may change: at once, or when the last hand is off it. */
export async function whenCalm(): Promise<void> {
  look()
  while (!calm.value) {
    await untilCalm()
    // the click that belongs to a lifted finger finds what it was aimed at
    await turn()
    look()
  }
}
