// Stories play about noon, at whatever hour they run: an order "in nine minutes" must not be tomorrow's.
const hours = 12 - new Date().getUTCHours()

/** Minutes east of Greenwich. */
export const OFFSET_MIN = hours * 60
/** The same as TZ wants it, where west is plus. */
export const ZONE = hours === 0 ? 'Etc/GMT' : `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`
/** Now in that zone, in the fields of UTC; `minutes` from now. */
export const here = (minutes = 0) => new Date(Date.now() + (OFFSET_MIN + minutes) * 60_000)
