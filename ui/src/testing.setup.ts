// Stories begin with every word read, as they are a moment after the start.
import { readWords } from './i18n'

await readWords()
